/*
 * The one guard behind all adapters: is the verdict remembered? Else inspect and remember; refuse what is not accepted. An
 * adapter says what is inspected and how (in this thread or in another), and turns a refusal into an error of its client. It
 * decides nothing.
 */
import type { Policy, Verdict } from '@tarwarden/core';
import { hasExpired } from '@tarwarden/core/policy';
import { exceptionLines, heldExceptionLine } from '@tarwarden/core/report';
import { openVerdicts } from '../shared-verdicts/open.ts';
import type { VerdictSettings } from '../shared-verdicts/settings.ts';
import type { SharedVerdicts } from '../shared-verdicts/shared-verdicts.ts';
import type { Environment } from '../verdict-store/cache-directory.ts';
import type { VerdictKey, VerdictStore } from '../verdict-store/verdict-store.ts';
import { runReportOf, type RunReport } from '../run-report/run-report.ts';
import type { Mode } from '../run-report/record.ts';
import {
  notInspected,
  type DescribeOptions,
  type NotInspectedOptions,
  type Refused,
} from './refused.ts';
import type { Subject } from './subject.ts';

/** Milliseconds in which verdicts are collected before they are written. */
const FLUSH_MS = 500;

export interface InspectorOptions<S extends Subject = Subject> {
  readonly policy: Policy;
  readonly env: Environment;
  /** Whose verdicts are believed besides those made here, as `loadPolicy` says. */
  readonly verdicts?: VerdictSettings | undefined;
  /** Says why a verdict refuses: `rejected` of this package, or what loads it with the first rejection. */
  readonly describe: (
    verdict: Verdict,
    subject: S,
    options: DescribeOptions,
  ) => Refused | Promise<Refused>;
  /** Makes the error that the client is thrown, and sees to it that the refusal sticks. */
  readonly refuse: (refused: Refused, cause?: unknown) => Error;
}

/** One archive to be inspected. */
export interface Inspection<S extends Subject = Subject> {
  readonly subject: S;
  /** Under which a verdict may be remembered from earlier. Absent: it is inspected in any case. */
  readonly known?: VerdictKey | undefined;
  /** Under which others may have signed a verdict, where none is remembered under `known`. Asked for only where some are believed. */
  readonly signed?: () => VerdictKey | undefined;
  /** Inspects. What it throws is not a verdict, and refuses. */
  readonly run: () => Verdict | Promise<Verdict>;
  /** Under which the verdict is remembered. Absent: under `known`. */
  readonly keys?: (verdict: Verdict) => readonly VerdictKey[];
}

/** @typeParam S What an adapter knows of a subject, as its own words may need. */
export class Inspector<S extends Subject = Subject> {
  readonly policy: Policy;
  readonly store: VerdictStore;
  /** Whose verdicts are believed but ours, as one name: what is made of accepted archives, and kept, depends on it. */
  readonly signers: string | undefined;
  readonly #options: InspectorOptions<S>;
  readonly #report: RunReport;
  readonly #mode: Mode;
  readonly #shared: SharedVerdicts | undefined;
  #isFlushing = false;

  constructor(options: InspectorOptions<S>) {
    const { policy, env } = options;
    this.#options = options;
    this.policy = policy;
    const { store, shared, signers } = openVerdicts(options);
    this.store = store;
    this.signers = signers;
    this.#shared = shared;
    process.once('exit', () => this.store.flush());
    this.#report = runReportOf(env);
    this.#mode = policy.mode ?? 'refuse';
    if (this.#mode === 'report') this.#report.reportOnly();
  }

  /**
   * The verdict of an archive that is accepted.
   * @throws the client's error where it is rejected or has no verdict.
   */
  async inspect({ subject, known, signed, run, keys }: Inspection<S>): Promise<Verdict> {
    const remembered =
      (known && (await this.remembered(known))) ?? (signed && (await this.#signed(signed)));
    if (remembered !== undefined) return this.accepted(remembered, subject, true);
    const verdict = await this.attempt(subject, run);
    const under = keys?.(verdict) ?? (known === undefined ? [] : [known]);
    for (const key of under) this.store.put(key, verdict);
    return this.accepted(verdict, subject);
  }

  /** The verdict that was made here before, or that somebody trusted has signed. Never throws. */
  async remembered(key: VerdictKey): Promise<Verdict | undefined> {
    return this.store.get(key) ?? (await this.#shared?.find(key));
  }

  /**
   * Asks for signed verdicts that an install is going to need, all that are named in one turn of the event loop at once. What comes
   * of it is found by {@link remembered}.
   */
  foresee(key: VerdictKey): void {
    if (this.#shared === undefined || this.store.get(key) !== undefined) return;
    void this.#shared.find(key);
  }

  /** Writes the verdicts down soon, so that other processes find them while this one still runs. */
  flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setTimeout(() => {
      this.#isFlushing = false;
      this.store.flush();
    }, FLUSH_MS).unref();
  }

  /** Whether there is anybody to ask: else {@link remembered} is what the store has. */
  get foresees(): boolean {
    return this.#shared !== undefined;
  }

  async #signed(keyOf: () => VerdictKey | undefined): Promise<Verdict | undefined> {
    if (this.signers === undefined) return undefined;
    const key = keyOf();
    return key && this.remembered(key);
  }

  /**
   * What `run` returns, for a verdict that is not complete yet.
   * @throws the client's error where it throws: what fails is not a verdict.
   */
  async attempt<T>(subject: S, run: () => T | Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (cause) {
      throw this.uninspected(subject, 'the inspection failed', { cause });
    }
  }

  /**
   * Passes a verdict that accepts; in report mode, any. `remembered`: it is one of an earlier inspection.
   * @throws the client's error for another.
   */
  async accepted(verdict: Verdict, subject: S, remembered: boolean = false): Promise<Verdict> {
    const isNew = this.noted(verdict, subject, remembered);
    if (verdict.status === 'accept') return verdict;
    if (this.#mode === 'report') {
      if (isNew) await this.#showWouldBe(verdict, subject);
      return verdict;
    }
    // Whoever hears of the refusal may end the process.
    this.store.flush();
    let refused: Refused;
    try {
      refused = await this.#options.describe(verdict, subject, {});
    } catch (cause) {
      throw this.uninspected(subject, 'it is rejected, and why cannot be shown', { cause });
    }
    throw this.#options.refuse(refused);
  }

  /** The client's error for an archive that has no verdict. Report mode refuses it as well: there is nothing to pass. */
  uninspected(subject: S, why: string, options: NotInspectedOptions = {}): Error {
    const { cause } = options;
    return this.refused(notInspected(subject, why, options), { subject, cause });
  }

  /** The client's error for an archive that an adapter refuses without asking the rules, in report mode as well. */
  refused(
    refused: Refused,
    { subject, cause }: { readonly subject?: S; readonly cause?: unknown } = {},
  ): Error {
    this.#report.refusal(refused, this.#mode, subject);
    return this.#options.refuse(refused, cause);
  }

  /** Takes a verdict into the report of the run that nobody asks about. Answers whether it was not taken before. */
  noted(verdict: Verdict, subject: S, remembered: boolean): boolean {
    this.#report.exceptions(exceptionLines(verdict));
    return this.#report.verdict(verdict, { subject, remembered, mode: this.#mode });
  }

  /**
   * Shows the exceptions that let an archive pass, where only what was made of it is looked at now.
   * @param sha512 Of that archive, lower-case hex.
   */
  excepted(sha512: string): void {
    const { exceptions, today } = this.policy;
    const used = exceptions.filter((one) => one.sha512 === sha512 && !hasExpired(one, today));
    this.#report.exceptions(used.map(heldExceptionLine));
  }

  async #showWouldBe(verdict: Verdict, subject: S): Promise<void> {
    try {
      const { block } = await this.#options.describe(verdict, subject, { wouldBe: true });
      process.stderr.write(`\n${block}\n\n`);
    } catch (cause) {
      throw this.uninspected(subject, 'it is rejected, and why cannot be shown', { cause });
    }
  }
}
