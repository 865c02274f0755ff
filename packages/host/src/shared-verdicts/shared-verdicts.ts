/*
 * Verdicts that others have signed. A verdict is used only if a pinned key signed it for exactly this inspection: bytes, format,
 * expected identity, rules, policy. Anything else counts as absent and costs an inspection. A store that is down, slow or lying
 * never fails an install: it is not asked any more, and archives are inspected here.
 */
import type { Policy, Verdict } from '@tarwarden/core';
import {
  addressOf,
  isEnvelope,
  verdictFrom,
  type VerdictQuestion,
} from '../signed-verdicts/index.ts';
import { StoreClient } from './ask-store.ts';
import { stricter } from './keep.ts';
import { OpenTime } from './open-time.ts';
import type { TrustedVerdicts } from './settings.ts';
import type { VerdictKey } from '../verdict-store/verdict-store.ts';
import { PolicyFingerprints } from '../verdict-store/policy-fingerprint.ts';

/** The most verdicts in one question. */
const BATCH_MAX = 500;
/** The most questions under way at once. Later requests go into the next question. */
const QUESTIONS_MAX = 2;

/** The time that a store may take. Milliseconds of `OpenTime`. */
export interface TimeLimits {
  /** For one question. */
  readonly question: number;
  /** For all questions of a process: the time in which at least one is under way. Each verdict that was found adds {@link PER_VERDICT}. */
  readonly all: number;
}

/**
 * Yarn's guard asks for each tarball when it arrives, so that questions are under way as long as Yarn downloads. A store that has the
 * verdicts is worth that time.
 */
const PER_VERDICT = 10;

/** In the middle of an install, inspecting is faster than waiting longer. */
const DURING_INSTALL: TimeLimits = { question: 2_000, all: 5_000 };

export interface SharedVerdictsOptions {
  readonly trusted: TrustedVerdicts & { readonly url: string };
  readonly policy: Policy;
  /** Called once when the store is given up, with the reason. */
  readonly onGivenUp: (why: string) => void;
  /** Keeps a verdict that was found. */
  readonly keep: (key: VerdictKey, verdict: Verdict) => void;
  /** Called after each question with the number of its verdicts. */
  readonly onAnswered?: (count: number) => void;
  /** Default: the limits of an install. */
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
  /** Questions that are with the store. Equal requests share their answer. */
  readonly #underway = new Map<string, Question[]>();
  /** Addresses without a verdict in the store: they are not asked again. */
  readonly #absent = new Set<string>();
  #client: Promise<StoreClient> | undefined;
  #questions = 0;
  /** Verdicts that were found. */
  #found = 0;
  /** Runs while questions are under way. */
  readonly #time = new OpenTime();
  #planned = false;
  #isGivenUp = false;

  constructor(options: SharedVerdictsOptions) {
    this.#options = options;
    this.#policies = new PolicyFingerprints(options.policy);
    this.#limits = options.limits ?? DURING_INSTALL;
  }

  /** The verdict that a believed signer signed; undefined if there is none. Never throws. */
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

  #askedOf(key: VerdictKey): VerdictQuestion | undefined {
    const { integrity, format = 'npm', expected, folder } = key;
    // A signed verdict is about a whole archive.
    if (folder !== undefined) return undefined;
    const base64 = /^sha512-([A-Za-z0-9+/]{86}==)$/.exec(integrity)?.[1];
    if (base64 === undefined) return undefined;
    const sha512 = Buffer.from(base64, 'base64').toString('hex');
    return this.#policies.asked({ sha512, format, ...(expected && { expected }) });
  }

  /** Collects all requests of this turn of the event loop into one question. */
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
    if (this.#questions === 0) this.#time.start();
    this.#questions += 1;
    const found = await this.#envelopes(batch.map(([address]) => address));
    this.#questions -= 1;
    if (this.#questions === 0) this.#time.stop();
    this.#found += batch.filter(([address]) => found.has(address)).length;
    const left = this.#left();
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
      const all = await Promise.all(lines.map(async (line) => verdictFrom(line, { keys, today })));
      for (const [index, said] of all.entries()) {
        if (said === undefined) {
          // An envelope of an unknown signer counts as absent. Other lines show that this is not a verdict store.
          if (!isEnvelope(lines[index]!)) wrong = 'it sent something else than signed verdicts';
          continue;
        }
        // The address contains every part of the question, so a verdict for another question has another address.
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
    return this.#limits.all + this.#found * PER_VERDICT - this.#time.spent;
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
