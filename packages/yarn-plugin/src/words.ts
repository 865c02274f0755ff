import { yarnPackageClaim } from '@tarwarden/core/metadata';
import type { Claim } from '@tarwarden/core/policy';
import {
  structUtils,
  type Configuration,
  type Descriptor,
  type Locator,
  type Package,
  type Project,
} from '@yarnpkg/core';
import { yarnSubject, type YarnSubject } from './subject.ts';

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
    const real = structUtils.isVirtualLocator(locator)
      ? structUtils.devirtualizeLocator(locator)
      : locator;
    const found = packages?.get(real.locatorHash);
    if (found === undefined) return subject;
    const claims = this.#claims.get(found) ?? [yarnPackageClaim(documentOf(found))];
    this.#claims.set(found, claims);
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

function ranges(all: ReadonlyMap<unknown, Descriptor>): Record<string, string> {
  return Object.fromEntries(
    [...all.values()].map((descriptor) => [
      structUtils.stringifyIdent(descriptor),
      descriptor.range,
    ]),
  );
}
