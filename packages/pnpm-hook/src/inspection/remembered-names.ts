/* Under which names verdicts are remembered. */
import type { Verdict } from '@tarwarden/core';
import { collisionFree, type VerdictKey, type VerdictStore } from '@tarwarden/host';
import { linkName, type Source } from '../source.ts';

export function treeName(integrity: string): string {
  return `tree:${integrity}`;
}

/** Where a verdict may be remembered from an earlier run: under an integrity that two archives cannot share. */
export function knownKey(source: Source, store: VerdictStore): VerdictKey | undefined {
  if (source.kind !== 'git') {
    const integrity = collisionFree(source.integrity);
    return integrity === undefined ? undefined : verdictKey(source, integrity);
  }
  const integrity = store.getLink(linkName(source));
  return integrity === undefined ? undefined : { integrity };
}

/** Where a new verdict is remembered: under the SHA-512 of the bytes, and under the integrity that the lockfile has. */
export function keysOf(source: Source, { archive: { integrity } }: Verdict): VerdictKey[] {
  if (source.kind === 'git') return [{ integrity }];
  const named = collisionFree(source.integrity);
  const all = named === undefined || named === integrity ? [integrity] : [integrity, named];
  return all.map((hash) => verdictKey(source, hash));
}

function verdictKey(source: Source, integrity: string): VerdictKey {
  const { expected } = source;
  const folder = source.kind === 'download' ? source.folder : undefined;
  return { integrity, ...(expected && { expected }), ...(folder !== undefined && { folder }) };
}
