/*
 * Verdicts that others have signed. One is used only if a pinned key signed it and it is about exactly what would be inspected
 * here: bytes, format, expected identity, rules, policy. Anything else is as if it were absent, and costs an inspection; a store
 * that is down, slow or lies never costs the install: it is asked no more, and archives are inspected here.
 */
import type { Policy, Verdict } from '@tarwarden/core';
import { addressOf, isEnvelope, verdictFrom, type Asked } from '../signed-verdicts/index.ts';
import { StoreClient } from './ask-store.ts';
import { stricter } from './keep.ts';
import type { TrustedVerdicts } from './settings.ts';
import type { VerdictKey } from '../verdict-store/verdict-store.ts';
import { PolicyFingerprints } from '../verdict-store/policy-fingerprint.ts';

/** Verdicts that are asked for at once. */
const BATCH_MAX = 500;
/** Questions under way at once. What comes meanwhile goes into the next. */
const QUESTIONS_MAX = 2;

/** How long a store may take. Milliseconds. */
export interface TimeLimits {
  /** For one question. */
  readonly question: number;
  /** For all questions of a process: the time in which at least one is under way. */
  readonly all: number;
}

/** A store that takes longer is not worth it in the middle of an install. */
const DURING_INSTALL: TimeLimits = { question: 2_000, all: 5_000 };

export interface SharedVerdictsOptions {
  readonly trusted: TrustedVerdicts & { readonly url: string };
  readonly policy: Policy;
  /** Called once, where the store is given up: why. */
  readonly onGivenUp: (why: string) => void;
  /** Keeps what was found. */
  readonly keep: (key: VerdictKey, verdict: Verdict) => void;
  /** Called after each question: how many verdicts it was about. */
  readonly onAnswered?: (count: number) => void;
  /** Those of an install, where it is not said. */
  readonly limits?: TimeLimits;
}

interface Question {
  readonly key: VerdictKey;
  readonly answer: (verdict: Verdict | undefined) => void;
}

export class SharedVerdicts {
  readonly #options: SharedVerdictsOptions;
  readonly #policies: PolicyFingerprints;
  readonly #limits: TimeLimits;
  /** By address. */
  readonly #waiting = new Map<string, Question[]>();
  /** Those that are with the store. What is asked meanwhile has the same answer. */
  readonly #underway = new Map<string, Question[]>();
  /** Addresses that the store has nothing for: they are not asked again. */
  readonly #absent = new Set<string>();
  #client: Promise<StoreClient> | undefined;
  #questions = 0;
  /** Time in which questions were with the store, without those that are, and since when one is. Milliseconds. */
  #spent = 0;
  #since = 0;
  #planned = false;
  #isGivenUp = false;

  constructor(options: SharedVerdictsOptions) {
    this.#options = options;
    this.#policies = new PolicyFingerprints(options.policy);
    this.#limits = options.limits ?? DURING_INSTALL;
  }

  /** The verdict that somebody trusted has signed; undefined where there is none. Never throws. */
  async find(key: VerdictKey): Promise<Verdict | undefined> {
    const asked = this.#askedOf(key);
    if (asked === undefined || this.#isGivenUp) return undefined;
    const address = addressOf(asked);
    if (this.#absent.has(address)) return undefined;
    return new Promise((answer) => {
      const question: Question = { key, answer };
      const others = this.#underway.get(address) ?? this.#waiting.get(address);
      if (others !== undefined) return void others.push(question);
      this.#waiting.set(address, [question]);
      this.#plan();
    });
  }

  #askedOf({ integrity, format = 'npm', expected, folder }: VerdictKey): Asked | undefined {
    // A signed verdict is about an archive that is installed whole.
    if (folder !== undefined) return undefined;
    const base64 = /^sha512-([A-Za-z0-9+/]{86}==)$/.exec(integrity)?.[1];
    if (base64 === undefined) return undefined;
    const sha512 = Buffer.from(base64, 'base64').toString('hex');
    return this.#policies.asked({ sha512, format, ...(expected && { expected }) });
  }

  /** Lets all that is asked in this turn of the event loop go in one question. */
  #plan(): void {
    if (this.#planned || this.#questions >= QUESTIONS_MAX || this.#waiting.size === 0) return;
    this.#planned = true;
    setImmediate(() => {
      this.#planned = false;
      void this.#ask();
      this.#plan();
    });
  }

  async #ask(): Promise<void> {
    const batch = [...this.#waiting].slice(0, BATCH_MAX);
    for (const [address, questions] of batch) {
      this.#waiting.delete(address);
      this.#underway.set(address, questions);
    }
    if (batch.length === 0) return;
    if (this.#questions === 0) this.#since = performance.now();
    this.#questions += 1;
    const found = await this.#envelopes(batch.map(([address]) => address));
    const left = this.#left();
    this.#questions -= 1;
    if (this.#questions === 0) this.#spent = this.#limits.all - left;
    for (const [address, questions] of batch) {
      this.#underway.delete(address);
      const verdict = found.get(address);
      if (verdict === undefined) this.#absent.add(address);
      for (const { key, answer } of questions) {
        if (verdict !== undefined) this.#options.keep(key, verdict);
        answer(verdict);
      }
    }
    this.#options.onAnswered?.(batch.length);
    if (left <= 0) this.#giveUp(this.#tooLong());
    this.#plan();
  }

  async #envelopes(addresses: readonly string[]): Promise<Map<string, Verdict>> {
    const { url, keys } = this.#options.trusted;
    const found = new Map<string, Verdict>();
    if (this.#isGivenUp) return found;
    const { question } = this.#limits;
    const left = this.#left();
    let wrong: string | undefined;
    try {
      const client = await (this.#client ??= StoreClient.of(url));
      const today = this.#options.policy.today;
      const answer = await client.envelopes(addresses, Math.min(question, left));
      if (answer.isTooMany) wrong = 'it sent more than it was asked for';
      const { lines } = answer;
      const all = await Promise.all(lines.map(async (one) => verdictFrom(one, { keys, today })));
      for (const [index, said] of all.entries()) {
        if (said === undefined) {
          // One that nobody trusted has signed is absent. What is not even an envelope is not sent by a store of verdicts.
          if (!isEnvelope(lines[index]!)) wrong = 'it sent something else than signed verdicts';
          continue;
        }
        // An address is made of all that was asked: what answers something else has another.
        const address = addressOf(said.asked);
        found.set(address, stricter(said.verdict, found.get(address)));
      }
      if (wrong !== undefined) this.#giveUp(wrong);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#giveUp(left < question ? this.#tooLong() : why);
    }
    return found;
  }

  #left(): number {
    const now = this.#questions === 0 ? 0 : performance.now() - this.#since;
    return this.#limits.all - this.#spent - now;
  }

  #tooLong(): string {
    return `it took ${this.#limits.all / 1000} s of this run`;
  }

  #giveUp(why: string): void {
    if (this.#isGivenUp) return;
    this.#isGivenUp = true;
    for (const questions of this.#waiting.values())
      for (const { answer } of questions) answer(undefined);
    this.#waiting.clear();
    this.#options.onGivenUp(why);
  }
}
