/* If signers made two verdicts of the same bytes, the rejection counts. So a store cannot choose which one we believe. */
import type { Verdict } from '@tarwarden/core';
import type { VerdictKey, VerdictStore } from '../verdict-store/verdict-store.ts';

/** The first verdict, unless the other rejects. */
export function stricter(verdict: Verdict, other: Verdict | undefined): Verdict {
  return other?.status === 'reject' ? other : verdict;
}

/** Keeps a verdict that a believed signer signed. */
export function keepSigned(store: VerdictStore, key: VerdictKey, verdict: Verdict): void {
  const before = store.get(key);
  if (before === undefined || stricter(verdict, before) !== before) store.put(key, verdict);
}
