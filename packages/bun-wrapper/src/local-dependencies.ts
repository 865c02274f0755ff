/* Finds packages that depend on a folder or file of this machine and are not the user's own. bun does not say which package has a dependency. */
import {
  localDependency,
  lockedLocally,
  unnamedLocally,
  type LocalDependency,
  type Subject,
} from '@tarwarden/host';
import { bareSpecifier, type OwnNames } from './own-names.ts';
import { dependenciesOf } from './project-folders.ts';
import { originOf, type AskedPackage } from './question.ts';

export interface Suspects {
  /** Packages that are not the user's own, with their folders. */
  readonly packages: Iterable<readonly [folder: string, subject: Subject]>;
  readonly lockfile: string | undefined;
  /** Whether all packages that the user names are known. A script may name more in a command line. */
  readonly knowsAll: boolean;
}

/**
 * Whether a package is on this machine and bun does not check which package depends on it. bun 1.4 accepts folders and links by path
 * only from the project. It accepts repositories, packages that `bun link` has registered, and archives from bun.lock and from other
 * archives too.
 */
export function isLocal(asked: AskedPackage): boolean {
  const { version } = asked;
  const [, registered] = /^link:(.*)$/s.exec(version) ?? [];
  if (registered !== undefined) return !isPath(registered);
  return /^git\+file:/i.test(version) || originOf(asked)?.type === 'file';
}

function isPath(text: string): boolean {
  return text === '.' || text === '..' || !/^(?:@[^/\\]+\/)?[^/\\]+$/.test(text);
}

/** Why a package from this machine is refused, and which package is named in the refusal. Undefined if it is allowed. */
export function localProblem(
  { name, version, tarball }: AskedPackage,
  own: OwnNames,
  { packages, lockfile, knowsAll }: Suspects,
): { readonly subject: Subject; readonly problem: LocalDependency } | undefined {
  if (own.has(version, tarball)) return undefined;
  const wanted = bareSpecifier(version);
  for (const [folder, subject] of packages) {
    const specifier = dependenciesOf(folder).find((text) => bareSpecifier(text) === wanted);
    if (specifier !== undefined) return { subject, problem: localDependency(specifier) };
  }
  const subject = { label: `${name}@${version}` };
  if (lockfile?.includes(JSON.stringify(version).slice(1, -1)) === true)
    return { subject, problem: lockedLocally(version) };
  return knowsAll ? { subject, problem: unnamedLocally(version) } : undefined;
}
