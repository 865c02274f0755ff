import type { Claim } from '@tarwarden/core/policy';
import { structUtils, type Locator } from '@yarnpkg/core';

/** A package of Yarn, as the guard inspects and names it. */
export interface YarnSubject {
  /** `name@version` for packages of a registry, `name@reference` for others. */
  readonly label: string;
  readonly expected?: { readonly name: string; readonly version: string };
  /** The source of the package, if it says more than the label. */
  readonly source?: string;
  /** Whether Yarn makes its archive from a tarball, which the guard can see. */
  readonly hasTarball: boolean;
  /** Yarn is about to upload the archive, and not to install it. */
  readonly isUpload?: boolean;
  /** The words of the registry or of yarn.lock, as Yarn has resolved the package. */
  readonly claims?: readonly Claim[];
}

/** Protocols whose archives Yarn makes from folders and from other archives. */
const FOLDERS = /^(?:file|exec|patch|portal|link|workspace|builtin):/;
const TARBALL_FILE = /^file:[^#]*\.(?:tgz|tar\.gz)(?:#|::|$)/;

export function yarnSubject(locator: Locator): YarnSubject {
  const real = structUtils.isVirtualLocator(locator)
    ? structUtils.devirtualizeLocator(locator)
    : locator;
  const name = structUtils.stringifyIdent(real);
  const { reference } = real;
  if (reference.startsWith('npm:')) {
    const { selector, params } = structUtils.parseRange(reference);
    const archive = params?.['__archiveUrl'];
    return {
      label: `${name}@${selector}`,
      expected: { name, version: selector },
      ...(typeof archive === 'string' && { source: archive }),
      hasTarball: true,
    };
  }
  return {
    // Leaves out what Yarn appends to a reference, and what `file:` repeats.
    label: `${name}@${reference.replace(reference.startsWith('file:') ? /(?:#|::).*$/s : /::.*$/s, '')}`,
    hasTarball: !FOLDERS.test(reference) || TARBALL_FILE.test(reference),
  };
}
