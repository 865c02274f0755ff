import type { Claim } from '@tarwarden/core/policy';
import {
  structUtils,
  type Locator,
  type Configuration,
  type Descriptor,
  type Package,
  type Project,
} from '@yarnpkg/core';
import { yarnPackageClaim } from '@tarwarden/core/metadata';

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

export function realLocator(locator: Locator): Locator {
  return structUtils.isVirtualLocator(locator) ? structUtils.devirtualizeLocator(locator) : locator;
}

export function yarnSubject(locator: Locator): YarnSubject {
  const real = realLocator(locator);
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

/** Yarn's knowledge of packages from a registry's document or from yarn.lock, before its own extensions. */
export class YarnWords {
  readonly #projects = new WeakMap<Configuration, Project>();
  /** Yarn fetches each package once more to link it. */
  readonly #claims = new WeakMap<Package, readonly Claim[]>();

  note(project: Project): void {
    this.#projects.set(project.configuration, project);
  }

  /** The package of a locator with these words, if it comes from a registry. */
  subject(locator: Locator, configuration: Configuration): YarnSubject {
    const subject = yarnSubject(locator);
    if (subject.expected === undefined) return subject;
    const packages = this.#projects.get(configuration)?.originalPackages;
    const originalPackage = packages?.get(realLocator(locator).locatorHash);
    if (originalPackage === undefined) return subject;
    const claims = this.#claims.get(originalPackage) ?? [
      yarnPackageClaim(documentOf(originalPackage)),
    ];
    this.#claims.set(originalPackage, claims);
    return { ...subject, claims };
  }
}

function documentOf({
  dependencies,
  peerDependencies,
  dependenciesMeta,
  peerDependenciesMeta,
  bin,
}: Package): Parameters<typeof yarnPackageClaim>[0] {
  return {
    dependencies: ranges(dependencies),
    peerDependencies: ranges(peerDependencies),
    optional: [...dependenciesMeta].flatMap(([name, ranges]) =>
      ranges.get(null)?.optional === true ? [name] : [],
    ),
    optionalPeers: [...peerDependenciesMeta].flatMap(([name, meta]) =>
      meta.optional === true ? [name] : [],
    ),
    bin: Object.fromEntries(bin),
  };
}

function ranges(descriptors: ReadonlyMap<unknown, Descriptor>): Record<string, string> {
  return Object.fromEntries(
    [...descriptors.values()].map((descriptor) => [
      structUtils.stringifyIdent(descriptor),
      descriptor.range,
    ]),
  );
}
