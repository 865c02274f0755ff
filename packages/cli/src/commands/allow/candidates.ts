/* The rejected archives for which exceptions are asked for. */
import type { Exception, Policy, RuleId, Verdict } from '@tarwarden/core';
import { contactLine } from '@tarwarden/host';
import { formatIdentity, type PackageIdentity } from '@tarwarden/core/policy';
import { packageToAllow, rejects, type FetchSource } from '@tarwarden/core/report';
import { printable, printablePath } from '@tarwarden/core/text';
import { type Call, UsageError } from '@tarwarden/host/command-line';
import { scanFile } from '@tarwarden/host/inspect-file';
import { expectedPackage } from '../../archives/expected-package.ts';
import {
  notInspectedText,
  OperandArchives,
  type MissingArchive,
  type OperandArchive,
} from '../../archives/operands.ts';
import type { ALLOW_OPTIONS } from './definition.ts';
import { proposed, type Candidate } from './propose.ts';

type AllowCall = Call<typeof ALLOW_OPTIONS>;
type Said = Pick<Exception, 'reason' | 'expires'>;

/** An archive, and the exceptions with which it passes. */
export interface AllowedArchive {
  readonly shown: string;
  readonly sha512: string;
  /** One line for each finding that rejects it, escaped. Empty if nothing does. */
  readonly findings: readonly string[];
  readonly exceptionsFor: (said: Said) => readonly Exception[];
  readonly fetched?: FetchSource;
}

export type AllowedArchives =
  | { readonly code: 0; readonly archives: readonly AllowedArchive[] }
  /** Nothing is written. The problem is one line, escaped. */
  | { readonly code: 1 | 2; readonly problem: string };

/** Inspects the archives of packages and files. Each is inspected again with its exceptions. */
export async function inspectedCandidates(
  { values, operands }: AllowCall,
  { policy, withoutExceptions }: Pick<Inspection, 'policy' | 'withoutExceptions'>,
): Promise<AllowedArchives> {
  const named = exactPackage(values);
  const isDocument = values.reporter === 'json';
  const archives = new OperandArchives({ command: 'allow', values, policy, isDocument });
  try {
    archives.check(operands);
    const all: AllowedArchive[] = [];
    for (const operand of operands) {
      // oxlint-disable-next-line no-await-in-loop -- each is held on disk until the end
      for await (const archive of archives.of(operand)) {
        const allowed = inspected(archive, { policy, withoutExceptions, named });
        if ('problem' in allowed) return allowed;
        all.push(allowed);
      }
    }
    return { code: 0, archives: all };
  } finally {
    archives.dispose();
  }
}

interface Inspection {
  readonly policy: Policy;
  /** The rules for which no exception of this user counts. */
  readonly withoutExceptions: ReadonlySet<RuleId>;
  /** The package of `--package`. */
  readonly named: PackageIdentity | undefined;
}

function inspected(
  archive: OperandArchive | MissingArchive,
  { policy, withoutExceptions, named }: Inspection,
): AllowedArchive | Extract<AllowedArchives, { problem: string }> {
  if ('error' in archive) return { code: 2, problem: notInspectedText(archive) };
  const { path, shown, inspection, fetched } = archive;
  const result = scanFile(path, { ...inspection, policy });
  if ('error' in result)
    return { code: 2, problem: notInspectedText({ shown, error: result.error }) };
  const { findings, omitted, archive: facts } = result.verdict;
  const { name, version } = { ...inspection.expected, ...named };
  const asked = packageToAllow(formatIdentity(name, version) ?? '', result.verdict);
  const candidate = { package: asked, sha512: facts.sha512, findings, omitted };
  if (result.verdict.status === 'reject' && fetched?.locked?.isSame === false) {
    const { lockfile, line } = fetched.locked;
    const where = `${printablePath(lockfile)}:${line}`;
    return failed(shown, `${where} pins other bytes, so that an exception would let nothing pass`);
  }
  const forbidden = findings.filter(rejects).find(({ rule }) => withoutExceptions.has(rule));
  if (forbidden !== undefined) {
    const { contact } = policy;
    const end = contact === undefined ? '' : `. ${contactLine(contact)}`;
    const why = `the policy of this machine makes ${forbidden.rule} an error, and no exception of yours counts for it`;
    return failed(shown, `${why}${end}`);
  }
  const allowed = allowedArchive(candidate, { shown, lines: findingTexts(result.verdict) });
  if ('problem' in allowed) return allowed;
  const exceptions = [
    ...policy.exceptions,
    ...allowed.exceptionsFor({ reason: 'a test', expires: policy.today }),
  ];
  const again = scanFile(path, { ...inspection, policy: { ...policy, exceptions } });
  if ('error' in again || again.verdict.status !== 'accept')
    return { code: 2, problem: `${printablePath(shown)}: it changed while it was looked at` };
  return fetched === undefined ? allowed : { ...allowed, fetched };
}

function findingTexts({ findings }: Verdict): readonly string[] {
  return findings
    .filter(rejects)
    .map(({ rule, entry, message }) => `${whereText(rule, entry)}: ${message}`);
}

/** A rule, and the entry in which it found something. */
export function whereText(rule: string, entry: string | undefined): string {
  return entry === undefined ? rule : `${rule} in ${printable(entry)}`;
}

function allowedArchive(
  candidate: Candidate,
  { shown, lines }: { readonly shown: string; readonly lines: readonly string[] },
): AllowedArchive | Extract<AllowedArchives, { problem: string }> {
  const proposal = proposed(candidate);
  if (proposal.refused !== undefined) return failed(shown, proposal.refused);
  const { sha512 } = candidate;
  return { shown, sha512, findings: lines, exceptionsFor: proposal.exceptionsFor };
}

/** The package of `--package`, if it is one exact version. An exception for anything else would never hold. */
function exactPackage(values: AllowCall['values']): PackageIdentity | undefined {
  const expected = expectedPackage('allow', values);
  if (expected === undefined || /^v?\d/.test(expected.version)) return expected;
  throw new UsageError('--package takes one exact version, not a range or a tag', 'allow');
}

function failed(
  shown: string,
  problem: string,
  code: 1 | 2 = 1,
): Extract<AllowedArchives, { problem: string }> {
  return { code, problem: `${printablePath(shown)}: ${problem}` };
}
