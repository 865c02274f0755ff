/* The settings for signed verdicts: the keys that are believed, and the address of the store. */
import {
  isUsable,
  readPinnedKeys,
  type PinnedKey,
  type PinnedKeyText,
} from '../signed-verdicts/index.ts';
import { canonicalJson } from '../signed-verdicts/index.ts';
import { hash } from 'node:crypto';
import type { Environment } from '../verdict-store/cache-directory.ts';

/** As a user's own policy file writes it. */
export interface VerdictSettings {
  /** The address of a verdict store. If absent, only imported verdicts are used. */
  readonly url?: string;
  /** The believed signers. Without a key that counts today, no store is asked. */
  readonly keys: readonly PinnedKeyText[];
  /** The address of a list of approvals, which a key has to sign that may sign approvals. */
  readonly approvalsFrom?: string;
}

/** The variable that overrides `verdicts.url` of a policy file. If it is empty, no store is asked. */
export const VERDICTS_URL = 'TARWARDEN_VERDICTS_URL';

/** The settings as of today. */
export interface TrustedVerdicts {
  readonly url: string | undefined;
  /** The keys that have not expired; at least one. */
  readonly keys: readonly PinnedKey[];
  /** Equal for equal sets of keys. Hex. */
  readonly fingerprint: string;
}

/** Undefined if no signer is believed. `today`: `YYYY-MM-DD`, UTC. */
export function trustedVerdicts(
  settings: VerdictSettings | undefined,
  { env, today }: { readonly env: Environment; readonly today: string },
): TrustedVerdicts | undefined {
  const keys = readPinnedKeys(settings?.keys ?? [], 'verdicts').filter((key) =>
    isUsable(key, today),
  );
  if (keys.length === 0) return undefined;
  const url = env[VERDICTS_URL] ?? settings?.url;
  const fingerprint = hash('sha256', canonicalJson(keys.map(({ id }) => id).sort()));
  return { url: url === '' ? undefined : url, keys, fingerprint };
}
