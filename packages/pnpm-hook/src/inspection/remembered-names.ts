/* The names under which verdicts are remembered. */
import type { Verdict } from '@tarwarden/core';
import { collisionFree, type VerdictKey, type VerdictStore } from '@tarwarden/host';
import { commitKey, type PnpmSource } from '../source.ts';

/** The key of a verdict of an earlier run: an integrity that two archives cannot share. */
export function knownKey(source: PnpmSource, store: VerdictStore): VerdictKey | undefined {
  if (source.kind !== 'git') {
    const integrity = collisionFree(source.integrity);
    return integrity === undefined ? undefined : verdictKey(source, integrity);
  }
  const integrity = store.getLink(commitKey(source));
  return integrity === undefined ? undefined : { integrity };
}

/** The keys of a new verdict: the SHA-512 of the bytes, and the integrity that the lockfile has. */
export function pnpmVerdictKeys(
  source: PnpmSource,
  { archive: { integrity } }: Verdict,
): VerdictKey[] {
  if (source.kind === 'git') return [{ integrity }];
  const named = collisionFree(source.integrity);
  const all = named === undefined || named === integrity ? [integrity] : [integrity, named];
  return all.map((hash) => verdictKey(source, hash));
}

function verdictKey(source: PnpmSource, integrity: string): VerdictKey {
  const { expected } = source;
  const folder = source.kind === 'download' ? source.folder : undefined;
  return { integrity, ...(expected && { expected }), ...(folder !== undefined && { folder }) };
}
