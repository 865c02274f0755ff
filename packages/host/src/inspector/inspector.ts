/*
 * The one guard behind all adapters: is the verdict remembered? Else inspect and remember; refuse what is not accepted. An
 * adapter says what is inspected and how (in this thread or in another), and turns a refusal into an error of its client. It
 * decides nothing.
 */
import { RULESET, type Policy, type Verdict } from '@tarwarden/core';
import type { Environment } from '../verdict-store/cache-directory.ts';
import {
  openVerdictStore,
  type VerdictKey,
  type VerdictStore,
} from '../verdict-store/verdict-store.ts';
import { runReportOf, type RunReport } from '../run-report/run-report.ts';
import type { Mode } from '../run-report/record.ts';
import type { DescribeOptions, Refused } from './refused.ts';
import type { Subject } from './subject.ts';

export interface InspectorOptions<S extends Subject = Subject> {
  readonly policy: Policy;
  readonly env: Environment;
  /** Says why a verdict refuses: `rejected` of this package, or what loads it with the first rejection. */
  readonly describe: (
    verdict: Verdict,
    subject: S,
    options: DescribeOptions,
  ) => Refused | Promise<Refused>;
  /** Says why something has no verdict: `notInspected` of this package, likewise. */
  readonly describeFailure: (subject: S, why: string, cause: unknown) => Refused | Promise<Refused>;
  /** Makes the error that the client is thrown, and sees to it that the refusal sticks. */
  readonly refuse: (refused: Refused, cause?: unknown) => Error;
}

/** One archive to be inspected. */
export interface Inspection<S extends Subject = Subject> {
  readonly subject: S;
  /** Under which a verdict may be remembered from earlier. Absent: it is inspected in any case. */
  readonly known?: VerdictKey | undefined;
  /** Inspects. What it throws is not a verdict, and refuses. */
  readonly run: () => Verdict | Promise<Verdict>;
  /** Under which the verdict is remembered. Absent: under `known`. */
  readonly keys?: (verdict: Verdict) => readonly VerdictKey[];
}

/** @typeParam S What an adapter knows of a subject, as its own words may need. */
export class Inspector<S extends Subject = Subject> {
  readonly policy: Policy;
  readonly store: VerdictStore;
  readonly #options: InspectorOptions<S>;
  readonly #report: RunReport;
  readonly #mode: Mode;

  constructor(options: InspectorOptions<S>) {
    const { policy, env } = options;
    this.#options = options;
    this.policy = policy;
    this.store = openVerdictStore({ ruleset: RULESET, policy, env });
    process.once('exit', () => this.store.flush());
    this.#report = runReportOf(env);
    this.#mode = policy.mode ?? 'refuse';
    if (this.#mode === 'report') this.#report.reportOnly();
  }

  /**
   * The verdict of an archive that is accepted.
   * @throws the client's error where it is rejected or has no verdict.
   */
  async inspect({ subject, known, run, keys }: Inspection<S>): Promise<Verdict> {
    const remembered = known && this.store.get(known);
    if (remembered !== undefined) return this.accepted(remembered, subject, true);
    const verdict = await this.attempt(subject, run);
    const under = keys?.(verdict) ?? (known === undefined ? [] : [known]);
    for (const key of under) this.store.put(key, verdict);
    return this.accepted(verdict, subject);
  }

  /**
   * What `run` returns, for a verdict that is not complete yet.
   * @throws the client's error where it throws: what fails is not a verdict.
   */
  async attempt<T>(subject: S, run: () => T | Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (cause) {
      throw await this.failed(subject, 'the inspection failed', cause);
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
      throw await this.failed(subject, 'it is rejected, and why cannot be shown', cause);
    }
    throw this.#options.refuse(refused);
  }

  /** The client's error for what has no verdict. */
  async failed(subject: S, why: string, cause?: unknown): Promise<Error> {
    const refused = await this.#options.describeFailure(subject, why, cause);
    return this.refused(refused, { subject, cause });
  }

  /** The client's error for what is refused without a verdict of the rules. In report mode as well: there is nothing to pass. */
  refused(refused: Refused, of: { readonly subject?: S; readonly cause?: unknown } = {}): Error {
    this.#report.refusal(refused, this.#mode, of.subject);
    return this.#options.refuse(refused, of.cause);
  }

  /** Takes a verdict into the report of the run that nobody asks about. Answers whether it was not taken before. */
  noted(verdict: Verdict, subject: S, remembered: boolean): boolean {
    return this.#report.verdict(verdict, { subject, remembered, mode: this.#mode });
  }

  async #showWouldBe(verdict: Verdict, subject: S): Promise<void> {
    try {
      const { block } = await this.#options.describe(verdict, subject, { wouldBe: true });
      process.stderr.write(`\n${block}\n\n`);
    } catch (cause) {
      throw await this.failed(subject, 'it is rejected, and why cannot be shown', cause);
    }
  }
}
