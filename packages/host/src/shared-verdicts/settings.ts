/* Which verdicts of others are believed, and where they are. */
import {
  isUsable,
  readPinnedKeys,
  type PinnedKey,
  type PinnedKeyText,
} from '../signed-verdicts/index.ts';
import { canonicalJson } from '../signed-verdicts/index.ts';
import { hash } from 'node:crypto';
import type { Environment } from '../verdict-store/cache-directory.ts';

/** As a user's own policy file has it. */
export interface VerdictSettings {
  /** Where signed verdicts are asked for. Absent: nowhere but among those that were imported. */
  readonly url?: string;
  /** Who may sign. Without a key that counts today nothing is asked for. */
  readonly keys: readonly PinnedKeyText[];
}

/** Names the store in place of a policy file's `verdicts.url`. Empty: none is asked. */
export const VERDICTS_URL = 'TARWARDEN_VERDICTS_URL';

/** Settings that hold today. */
export interface TrustedVerdicts {
  readonly url: string | undefined;
  /** Those whose day has not passed; at least one. */
  readonly keys: readonly PinnedKey[];
  /** Equal where the same keys are believed. Hex. */
  readonly fingerprint: string;
}

/** Undefined where nobody is believed. `today`: `YYYY-MM-DD`, UTC. */
export function trustedVerdicts(
  settings: VerdictSettings | undefined,
  { env, today }: { readonly env: Environment; readonly today: string },
): TrustedVerdicts | undefined {
  const keys = readPinnedKeys(settings?.keys ?? []).filter((key) => isUsable(key, today));
  if (keys.length === 0) return undefined;
  const url = env[VERDICTS_URL] ?? settings?.url;
  const fingerprint = hash('sha256', canonicalJson(keys.map(({ id }) => id).sort()));
  return { url: url === '' ? undefined : url, keys, fingerprint };
}
