/* The claims of a lockfile and of a compact index about a gem. */
import { gemDependencyKeys, gemEntryStatements } from '@tarwarden/core/metadata';
import type { LockedPackage } from '@tarwarden/lockfiles';
import type { ClaimsFor } from '../archives.ts';

/** Gemfile.lock repeats the dependencies in the index. Undefined if the entry is not from there. */
export function lockfileClaims({ requires, line }: LockedPackage): ClaimsFor | undefined {
  if (requires === undefined) return undefined;
  const says = { dependencies: gemDependencyKeys(requires) };
  return async () => [{ ecosystem: 'rubygems', by: `Gemfile.lock (line ${line})`, says }];
}

/** @param entry The text behind the version in the compact index. */
export function indexEntryClaims(entry: string): ClaimsFor {
  const { says } = gemEntryStatements(entry);
  return async () => [{ ecosystem: 'rubygems', by: 'the compact index', says }];
}
