/* Of two verdicts that signers made of the same bytes, the one that rejects counts: whoever passes them on does not choose. */
import type { Verdict } from '@tarwarden/core';
import type { VerdictKey, VerdictStore } from '../verdict-store/verdict-store.ts';

/** The first, unless the other rejects what it accepts. */
export function stricter(verdict: Verdict, other: Verdict | undefined): Verdict {
  return other?.status === 'reject' ? other : verdict;
}

/** Keeps what somebody trusted has signed. */
export function keepSigned(store: VerdictStore, key: VerdictKey, verdict: Verdict): void {
  const before = store.get(key);
  if (before === undefined || stricter(verdict, before) !== before) store.put(key, verdict);
}
