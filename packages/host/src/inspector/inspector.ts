/*
 * The guard that all adapters share. It looks up a remembered or signed verdict, inspects the archive if there is none, remembers
 * the verdict, and refuses the archive unless it is accepted. An adapter provides the inspection and turns a refusal into an error
 * of its client; it makes no decision.
 */
import type { Policy, Verdict } from '@tarwarden/core';
import { compareClaims } from '@tarwarden/core/metadata';
import { hasExpired, type HeldException } from '@tarwarden/core/policy';
import { exceptionLines, heldExceptionLine } from '@tarwarden/core/report';
import { openVerdicts } from '../shared-verdicts/open.ts';
import type { VerdictSettings } from '../shared-verdicts/settings.ts';
import type { SharedVerdicts } from '../shared-verdicts/shared-verdicts.ts';
import type { OrganisationApprovals } from '../signed-approvals/organisation-approvals.ts';
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
  /** The signers that the user believes, as `loadPolicy` returns them. */
  readonly verdicts?: VerdictSettings | undefined;
  /** Describes a rejection: `rejected` of this package, or a function that loads it at the first rejection. */
  readonly describe: (
    verdict: Verdict,
    subject: S,
    options: DescribeOptions,
  ) => Refused | Promise<Refused>;
  /** Makes the error that the client gets, and makes the refusal stick. */
  readonly refuse: (refused: Refused, cause?: unknown) => Error;
}

/** One archive to be inspected. */
export interface Inspection<S extends Subject = Subject> {
  readonly subject: S;
  /** The key of a verdict from an earlier inspection. Without a key, the archive is always inspected. */
  readonly known?: VerdictKey | undefined;
  /** The key of a verdict that others may have signed. Used only if no verdict is remembered under `known`. */
  readonly signed?: () => VerdictKey | undefined;
  /** Inspects the archive. If it throws, there is no verdict, and the archive is refused. */
  readonly run: () => Verdict | Promise<Verdict>;
  /** The keys under which the verdict is remembered. Default: `known`. */
  readonly keys?: (verdict: Verdict) => readonly VerdictKey[];
}

/** @typeParam S The adapter's description of an archive, with the fields that its messages need. */
export class Inspector<S extends Subject = Subject> {
  readonly policy: Policy;
  readonly store: VerdictStore;
  /** A fingerprint of the believed signers. Files that an adapter makes from accepted archives and keeps depend on it. */
  readonly signers: string | undefined;
  readonly #options: InspectorOptions<S>;
  readonly #report: RunReport;
  readonly #mode: Mode;
  readonly #shared: SharedVerdicts | undefined;
  /** The archives about which the publisher was warned, by SHA-512. */
  readonly #warned = new Set<string>();
  #isFlushing = false;
  #approvals: OrganisationApprovals | undefined;
  /** The approved exceptions that were used. */
  #lent: readonly HeldException[] = [];

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
   * Returns the verdict of an archive that may be installed.
   * @throws the client's error if the archive is rejected or has no verdict.
   */
  async inspect(inspection: Inspection<S>): Promise<Verdict> {
    const { subject, run } = inspection;
    const remembered = await this.#lookUp(inspection);
    if (remembered !== undefined) return this.accepted(remembered, subject, true);
    const verdict = await this.attempt(subject, run);
    this.#remember(verdict, inspection);
    return this.accepted(verdict, subject);
  }

  async #lookUp({ known, signed }: Inspection<S>): Promise<Verdict | undefined> {
    const own = known && (await this.remembered(known));
    if (own !== undefined || this.signers === undefined) return own;
    const key = signed?.();
    return key && this.remembered(key);
  }

  #remember(verdict: Verdict, { known, keys }: Inspection<S>): void {
    const all = keys?.(verdict) ?? (known === undefined ? [] : [known]);
    for (const key of all) this.store.put(key, verdict);
  }

  /** The verdict that was made here before or that a believed signer signed. Never throws. */
  async remembered(key: VerdictKey): Promise<Verdict | undefined> {
    const here = this.store.get(key);
    return here ?? this.#shared?.find(key);
  }

  /** Starts to ask for a signed verdict. Keys of one event loop turn share a request; {@link remembered} returns the verdict. */
  foresee(key: VerdictKey): void {
    if (this.#shared === undefined || this.store.get(key) !== undefined) return;
    void this.#shared.find(key);
  }

  /** Whether there is a verdict store to ask. If not, {@link remembered} only reads the local store. */
  get foresees(): boolean {
    return this.#shared !== undefined;
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
    const verdict = await this.#approved(await this.#weighed(found, subject), subject);
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
    throw this.#options.refuse(await this.#describe(verdict, subject));
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
    return this.#options.refuse(refused, cause);
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

  /** A rejected verdict under the exceptions that the user's organisation has approved. Nobody remembers it, because they can end. */
  async #approved(verdict: Verdict, { expected }: S): Promise<Verdict> {
    const from = this.#options.verdicts?.approvalsFrom;
    if (verdict.status === 'accept' || from === undefined) return verdict;
    const { OrganisationApprovals, weighAgain } = await import('@tarwarden/host/weighing');
    const { verdicts, env } = this.#options;
    this.#approvals ??= new OrganisationApprovals({ from, keys: verdicts?.keys ?? [], env });
    const exceptions = await this.#approvals.about(verdict.archive.sha512);
    const { policy } = this;
    const weighed = weighAgain(verdict, { policy, exceptions, expected });
    if (weighed.status === 'accept') this.#lent = [...this.#lent, ...exceptions];
    return weighed;
  }

  /**
   * The policy with the approved exceptions that this process has used, for archives that a client makes of accepted ones. A verdict
   * under it must not be remembered, because an approval can end.
   */
  get policyWithApprovals(): Policy {
    const { policy } = this;
    if (this.#lent.length === 0) return policy;
    return { ...policy, exceptions: [...policy.exceptions, ...this.#lent] };
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
