import { structUtils, type Locator } from '@yarnpkg/core';

/** A package of Yarn, as the guard inspects and names it. */
export interface YarnSubject {
  /** `name@version` for packages of a registry, `name@reference` for others. */
  readonly label: string;
  readonly expected?: { readonly name: string; readonly version: string };
  /** Where it comes from, if that says more than the label. */
  readonly source?: string;
  /** Whether Yarn makes its archive out of a tarball, so that there are bytes to be seen. */
  readonly hasTarball: boolean;
}

/** Protocols whose archives Yarn makes of folders and of other archives. */
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
    // Without what Yarn binds to a reference, and `file:` says twice.
    label: `${name}@${reference.replace(reference.startsWith('file:') ? /(?:#|::).*$/s : /::.*$/s, '')}`,
    hasTarball: !FOLDERS.test(reference) || TARBALL_FILE.test(reference),
  };
}
