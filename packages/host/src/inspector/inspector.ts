/*
 * The guard that all adapters share. It looks up a remembered verdict, inspects the archive if there is none, remembers
 * the verdict, and refuses the archive unless it is accepted. An adapter provides the inspection and turns a refusal into an error
 * of its client; it makes no decision.
 */
import { RULESET, type Policy, type Verdict } from '@tarwarden/core';
import { compareClaims } from '@tarwarden/core/metadata';
import { hasExpired } from '@tarwarden/core/policy';
import { exceptionLines, heldExceptionLine } from '@tarwarden/core/report';
import type { Environment } from '../verdict-store/cache-directory.ts';
import {
  openVerdictStore,
  type VerdictKey,
  type VerdictStore,
} from '../verdict-store/verdict-store.ts';
import { runReportOf, type RunReport } from '../run-report/run-report.ts';
import type { Mode } from '../run-report/record.ts';
import {
  notInspected,
  withContact,
  type DescribeOptions,
  type NotInspectedOptions,
  type Refused,
} from './refused.ts';
import type { Subject } from './subject.ts';

/** Milliseconds in which verdicts are collected before they are written. */
const FLUSH_MS = 2000;

export interface InspectorOptions<S extends Subject = Subject> {
  readonly policy: Policy;
  readonly env: Environment;
  /** Describes a rejection: `rejected` of this package, or a function that loads it at the first rejection. */
  readonly describe: (
    verdict: Verdict,
    subject: S,
    options: DescribeOptions,
  ) => Refused | Promise<Refused>;
  /** Makes the error that the client gets, and makes the refusal stick. */
  readonly refuse: (refused: Refused, cause?: unknown) => Error;
}

export interface Inspection<S extends Subject = Subject> {
  readonly subject: S;
  /** The key of a verdict from an earlier inspection. Without a key, the archive is always inspected. */
  readonly known?: VerdictKey | undefined;
  /** Inspects the archive. If it throws, there is no verdict, and the archive is refused. */
  readonly run: () => Verdict | Promise<Verdict>;
  /** The keys under which the verdict is remembered. Default: `known`. */
  readonly keys?: (verdict: Verdict) => readonly VerdictKey[];
}

/** @typeParam S The adapter's description of an archive, with the fields that its messages need. */
export class Inspector<S extends Subject = Subject> {
  readonly policy: Policy;
  readonly store: VerdictStore;
  readonly #options: InspectorOptions<S>;
  readonly #report: RunReport;
  readonly #mode: Mode;
  /** The archives about which the publisher was warned, by SHA-512. */
  readonly #warned = new Set<string>();
  #isFlushing = false;

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
   * Returns the verdict of an archive that may be installed.
   * @throws the client's error if the archive is rejected or has no verdict.
   */
  async inspect(inspection: Inspection<S>): Promise<Verdict> {
    const { subject, known, run, keys } = inspection;
    const remembered = known && this.store.get(known);
    if (remembered !== undefined) return this.accepted(remembered, subject, true);
    const verdict = await this.attempt(subject, run);
    const all = keys?.(verdict) ?? (known === undefined ? [] : [known]);
    for (const key of all) this.store.put(key, verdict);
    return this.accepted(verdict, subject);
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

  /**
   * Runs part of an inspection, for an adapter that completes the verdict later.
   * @throws the client's error if `run` throws.
   */
  async attempt<T>(subject: S, run: () => T | Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (cause) {
      throw this.uninspected(subject, 'the inspection failed', { cause });
    }
  }

  /**
   * Returns a verdict that accepts; in report mode, any verdict. `remembered`: it comes from an earlier inspection.
   * @throws the client's error for a rejection.
   */
  async accepted(found: Verdict, subject: S, remembered: boolean = false): Promise<Verdict> {
    const verdict = await this.#weighed(found, subject);
    const isNew = this.noted(verdict, subject, remembered);
    if (verdict.status === 'accept') {
      if (subject.isUpload === true) await this.#warnPublisher(verdict, subject);
      return verdict;
    }
    if (this.#mode === 'report') {
      if (isNew) await this.#showWouldBe(verdict, subject);
      return verdict;
    }
    // The client may end the process when it hears of the refusal, so write the verdicts first.
    this.store.flush();
    throw this.#refuse(await this.#describe(verdict, subject));
  }

  /** The client's error for an archive that has no verdict. Report mode refuses it as well: its content is unknown. */
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
    return this.#refuse(refused, cause);
  }

  #refuse(refused: Refused, cause?: unknown): Error {
    return this.#options.refuse(withContact(refused, this.policy.contact), cause);
  }

  /** Whether a remembered verdict accepts, and the words of the registry and the lockfile do not differ. */
  accepts(verdict: Verdict, { claims = [] }: S): boolean {
    return verdict.status === 'accept' && compareClaims(verdict.manifest, claims).length === 0;
  }

  /** Adds a verdict to the report of the run, without deciding. Returns whether it is new in the report. */
  noted(verdict: Verdict, subject: S, remembered: boolean): boolean {
    this.#report.exceptions(exceptionLines(verdict));
    return this.#report.verdict(verdict, { subject, remembered, mode: this.#mode });
  }

  /**
   * Shows the exceptions that let an archive pass, for adapters that only see files made from the archive.
   * @param sha512 The archive's, in lower-case hex.
   */
  excepted(sha512: string): void {
    const { exceptions, today } = this.policy;
    const used = exceptions.filter(
      (exception) => exception.sha512 === sha512 && !hasExpired(exception, today),
    );
    this.#report.exceptions(used.map(heldExceptionLine));
  }

  /** Shows the warnings about an archive that is about to be published, once. */
  async #warnPublisher(verdict: Verdict, subject: S): Promise<void> {
    const { uploadWarning } = await import('@tarwarden/host/weighing');
    const warning = uploadWarning(verdict, subject);
    if (warning === undefined || this.#warned.has(verdict.archive.sha512)) return;
    this.#warned.add(verdict.archive.sha512);
    process.stderr.write(`\n${warning}\n\n`);
  }

  /** The verdict together with the words of the registry and the lockfile. The verdict alone is remembered. */
  async #weighed(verdict: Verdict, { claims = [], expected }: S): Promise<Verdict> {
    if (compareClaims(verdict.manifest, claims).length === 0) return verdict;
    const { weighClaims } = await import('@tarwarden/host/weighing');
    return weighClaims(verdict, claims, { policy: this.policy, expected });
  }

  async #showWouldBe(verdict: Verdict, subject: S): Promise<void> {
    const { block } = await this.#describe(verdict, subject, { wouldBe: true });
    process.stderr.write(`\n${block}\n\n`);
  }

  async #describe(verdict: Verdict, subject: S, options: DescribeOptions = {}): Promise<Refused> {
    try {
      return await this.#options.describe(verdict, subject, options);
    } catch (cause) {
      throw this.uninspected(subject, 'it is rejected, and why cannot be shown', { cause });
    }
  }
}
