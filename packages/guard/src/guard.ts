/*
 * The sequence in which every guard decides about an archive:
 *
 *   look up a remembered verdict → inspect → remember → compare with the registry's words → report → accept, or refuse in words
 *
 * An adapter calls `guard` once for an archive. It gets back the verdict that lets it hand on these bytes, or a refusal, which it
 * turns into an error of its client. It makes no decision.
 */
import { RULESET, type Policy, type Verdict } from '@tarwarden/core';
import { compareClaims } from '@tarwarden/core/metadata';
import { hasExpired } from '@tarwarden/core/policy';
import { exceptionLines, heldExceptionLine } from '@tarwarden/core/report';
import type { Environment } from './known/cache-directory.ts';
import { openVerdictStore, type VerdictKey, type VerdictStore } from './known/verdict-store.ts';
import { runReportOf, type RunReport } from './report/run-report.ts';
import type { Mode } from './report/record.ts';
import {
  notInspected,
  withContact,
  type NotInspectedOptions,
  type Refused,
} from './refusal/refused.ts';
import type { Subject } from './refusal/subject.ts';

/** The policy of a guard, its remembered verdicts and its report. One for each policy of a process. */
export interface GuardState {
  readonly policy: Policy;
  readonly mode: Mode;
  readonly store: VerdictStore;
  readonly report: RunReport;
  /** The uploads about which the publisher was warned, by SHA-512. */
  readonly warnedUploads: Set<string>;
}

export interface GuardedArchive {
  readonly subject: Subject;
  /** Subresource Integrity that only these bytes can have. If it is absent, no remembered verdict counts. */
  readonly integrity?: string | undefined;
  /** The options of the inspection. If they are absent, the verdict is not remembered. */
  readonly inspectedAs?: Omit<VerdictKey, 'integrity'> | undefined;
  /** Inspects the bytes. If it throws, there is no verdict, and the archive is refused. */
  readonly inspect: () => Verdict | Promise<Verdict>;
}

/** A refusal, for the adapter to turn into its client's error. */
export interface Refusal {
  readonly refused: Refused;
  readonly cause?: unknown;
}

/** A verdict that lets the archive pass (in report mode, any verdict), or a refusal. */
export type Decision =
  | { readonly verdict: Verdict; readonly refusal?: undefined }
  | { readonly refusal: Refusal; readonly verdict?: undefined };

export function openGuard(policy: Policy, env: Environment): GuardState {
  const store = openVerdictStore({ ruleset: RULESET, policy, env });
  process.once('exit', () => store.flush());
  const report = runReportOf(env);
  const mode = policy.mode ?? 'refuse';
  if (mode === 'report') report.reportOnly();
  return { policy, mode, store, report, warnedUploads: new Set() };
}

/** Decides about one archive. */
export async function guard(archive: GuardedArchive, state: GuardState): Promise<Decision> {
  const { subject, integrity, inspectedAs, inspect } = archive;
  const remembered = integrity && state.store.get({ integrity, ...inspectedAs });
  if (remembered) return weigh(remembered, subject, state, { remembered: true });
  let verdict: Verdict;
  try {
    verdict = await inspect();
  } catch (cause) {
    return { refusal: refuseUninspected(subject, 'the inspection failed', state, { cause }) };
  }
  remember(verdict, archive, state);
  return weigh(verdict, subject, state);
}

/** Remembers a verdict under the SHA-512 of the bytes, and under the integrity that the adapter knew before. */
function remember(
  verdict: Verdict,
  { integrity, inspectedAs }: GuardedArchive,
  { store }: GuardState,
): void {
  if (inspectedAs === undefined) return;
  const sha512 = verdict.archive.integrity;
  if (integrity !== undefined) store.put({ integrity, ...inspectedAs }, verdict);
  if (integrity !== sha512) store.put({ integrity: sha512, ...inspectedAs }, verdict);
}

/** Decides about an archive that has a verdict. `remembered`: the verdict comes from an earlier inspection. */
export async function weigh(
  inspected: Verdict,
  subject: Subject,
  state: GuardState,
  { remembered = false }: { readonly remembered?: boolean } = {},
): Promise<Decision> {
  const { policy, mode, store } = state;
  try {
    const { claims = [], expected } = subject;
    // The remembered verdict is about the bytes alone. The words of the registry and the lockfile are compared each time.
    const verdict = isAsClaimed(inspected, subject)
      ? inspected
      : (await loadWeighing()).weighClaims(inspected, claims, { policy, expected });
    const isNew = reportVerdict(verdict, subject, state, { remembered });
    if (verdict.status === 'accept') {
      if (subject.isUpload === true) await warnPublisher(verdict, subject, state);
      return { verdict };
    }
    const wouldBe = mode === 'report';
    if (wouldBe && !isNew) return { verdict };
    // The client may end the process when it hears of the refusal, so write the verdicts first.
    if (!wouldBe) store.flush();
    const refused = (await loadWeighing()).rejected(verdict, subject, { wouldBe });
    if (!wouldBe) return { refusal: { refused: withContact(refused, policy.contact) } };
    process.stderr.write(`\n${refused.block}\n\n`);
    return { verdict };
  } catch (cause) {
    const why = 'it was inspected, and the result cannot be shown';
    return { refusal: refuseUninspected(subject, why, state, { cause }) };
  }
}

/** The code that needs the rules. A bundle can load it at the first difference. */
function loadWeighing(): Promise<typeof import('@tarwarden/guard/weighing')> {
  return import('@tarwarden/guard/weighing');
}

/** Shows the warnings about an archive that is about to be published, once. */
async function warnPublisher(
  verdict: Verdict,
  subject: Subject,
  { warnedUploads }: GuardState,
): Promise<void> {
  const warning = (await loadWeighing()).uploadWarning(verdict, subject);
  if (warning === undefined || warnedUploads.has(verdict.archive.sha512)) return;
  warnedUploads.add(verdict.archive.sha512);
  process.stderr.write(`\n${warning}\n\n`);
}

/** Refuses an archive that has no verdict. Report mode refuses it as well: its content is unknown. */
export function refuseUninspected(
  subject: Subject,
  why: string,
  state: GuardState,
  options: NotInspectedOptions = {},
): Refusal {
  const { cause } = options;
  return refuse(notInspected(subject, why, options), state, {
    subject,
    ...(cause !== undefined && { cause }),
  });
}

/** Refuses an archive without asking the rules, in report mode as well. */
export function refuse(
  refused: Refused,
  { report, mode, policy }: GuardState,
  { subject, ...causeOption }: { readonly subject?: Subject; readonly cause?: unknown } = {},
): Refusal {
  report.refusal(refused, mode, subject);
  return { refused: withContact(refused, policy.contact), ...causeOption };
}

/** Whether the words of the registry and the lockfile agree with the archive's own manifest. */
export function isAsClaimed({ manifest }: Verdict, { claims = [] }: Subject): boolean {
  return compareClaims(manifest, claims).length === 0;
}

/** Adds a verdict to the report of the run, without deciding. Returns whether it is new in the report. */
export function reportVerdict(
  verdict: Verdict,
  subject: Subject,
  { report, mode }: GuardState,
  { remembered }: { readonly remembered: boolean },
): boolean {
  report.exceptions(exceptionLines(verdict));
  return report.verdict(verdict, { subject, remembered, mode });
}

/**
 * Shows the exceptions that let an archive pass, for adapters that only see files made from the archive.
 * @param sha512 The archive's, in lower-case hex.
 */
export function reportHeldExceptions(sha512: string, { policy, report }: GuardState): void {
  const { exceptions, today } = policy;
  const usedExceptions = exceptions.filter(
    (exception) => exception.sha512 === sha512 && !hasExpired(exception, today),
  );
  report.exceptions(usedExceptions.map(heldExceptionLine));
}
