/* Opens the verdict store of one process: its own verdicts, and signed ones if the user believes signers. */
import { RULESET, type Policy, type Verdict } from '@tarwarden/core';
import { redactUrl } from '@tarwarden/core/text';
import type { Environment } from '../verdict-store/cache-directory.ts';
import {
  openVerdictStore,
  type VerdictKey,
  type VerdictStore,
} from '../verdict-store/verdict-store.ts';
import { keepSigned } from './keep.ts';
import { trustedVerdicts, type VerdictSettings } from './settings.ts';
import { SharedVerdicts } from './shared-verdicts.ts';

export interface OpenedVerdicts {
  readonly store: VerdictStore;
  /** Fingerprint of the keys that count today; absent if no signer is believed. */
  readonly signers?: string;
  /** Absent if no store is to be asked. */
  readonly shared?: SharedVerdicts;
}

export function openVerdicts(options: {
  readonly policy: Policy;
  readonly env: Environment;
  readonly verdicts?: VerdictSettings | undefined;
}): OpenedVerdicts {
  const { policy, env } = options;
  const own = openVerdictStore({ ruleset: RULESET, policy, env });
  const trusted = trustedVerdicts(options.verdicts, { env, today: policy.today });
  if (trusted === undefined) return { store: own };
  const { url, fingerprint: signers } = trusted;
  const signed = openVerdictStore({ ruleset: RULESET, policy, env, signers });
  const store = new LayeredStore(own, signed);
  if (url === undefined) return { store, signers };
  const shared = new SharedVerdicts({
    trusted: { ...trusted, url },
    policy,
    keep: (key, verdict) => keepSigned(signed, key, verdict),
    onGivenUp: (why) =>
      process.stderr.write(
        `tarwarden: the verdict store ${redactUrl(url)} is not asked any more (${redactUrl(why)}); archives are inspected here\n`,
      ),
  });
  return { store, shared, signers };
}

/**
 * Verdicts made here, and behind them verdicts that others signed. New verdicts go to the first store alone, because this machine
 * made them. Links go to the second: a link may follow from a signed verdict, and has to be forgotten with it.
 */
class LayeredStore implements VerdictStore {
  readonly #own: VerdictStore;
  readonly #signed: VerdictStore;

  constructor(own: VerdictStore, signed: VerdictStore) {
    this.#own = own;
    this.#signed = signed;
  }

  get directory(): string | undefined {
    return this.#own.directory;
  }

  get(key: VerdictKey): Verdict | undefined {
    return this.#own.get(key) ?? this.#signed.get(key);
  }

  put(key: VerdictKey, verdict: Verdict): void {
    this.#own.put(key, verdict);
  }

  getLink(name: string): string | undefined {
    return this.#signed.getLink(name) ?? this.#own.getLink(name);
  }

  putLink(name: string, text: string): void {
    this.#signed.putLink(name, text);
  }

  flush(): void {
    this.#own.flush();
    this.#signed.flush();
  }
}
