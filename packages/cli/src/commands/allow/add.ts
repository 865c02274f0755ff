/* `tarwarden allow` with a package or a file: inspects the archive, and writes exceptions for what was found. */
import { stopsReading, type Exception, type Policy, type RuleId } from '@tarwarden/core';
import { dayOf, formatIdentity, isCalendarDay, type PackageIdentity } from '@tarwarden/core/policy';
import { exceptionsFor, packageToAllow, rejects, type FetchSource } from '@tarwarden/core/report';
import { escapedJson, plural, printable, printablePath } from '@tarwarden/core/text';
import { contactLine } from '@tarwarden/guard';
import { type Call, tell, write, UsageError } from '@tarwarden/guard/command-line';
import { scanFile } from '@tarwarden/guard/inspect-file';
import {
  expectedPackage,
  notInspectedText,
  OperandArchives,
  type OperandArchive,
} from '../../archives/operands.ts';
import { answerTo, canAsk, isAnsweredYes } from '../../ask.ts';
import { ALLOW_SCHEMA, type definition } from './definition.ts';
import type { PolicyDocument } from './policy-document.ts';

type AllowCall = Call<typeof definition.options>;

interface Inspection {
  readonly policy: Policy;
  /** The rules for which no exception of this user counts. */
  readonly withoutExceptions?: ReadonlySet<RuleId>;
}

interface AllowedArchive {
  readonly shown: string;
  readonly sha512: string;
  /** One line for each finding that rejects it, escaped. Empty if nothing does. */
  readonly findings: readonly string[];
  readonly exceptionsFor: (
    statement: Pick<Exception, 'reason' | 'expires'>,
  ) => readonly Exception[];
  readonly fetched?: FetchSource;
}

/** The reason why nothing is written, in one line, escaped. */
interface NotAllowed {
  readonly code: 1 | 2;
  readonly problem: string;
}

export async function addExceptions(
  call: AllowCall,
  target: PolicyDocument,
  inspection: Inspection,
): Promise<0 | 1 | 2> {
  const { values } = call;
  const expires = lastDay(values.expires, Date.now());
  const givenReason = values.reason?.trim() ?? '';
  if (givenReason === '' && !canAsk()) throw new UsageError("say why: --reason 'TEXT'", 'allow');
  const archives = await inspectedArchives(call, inspection);
  if ('problem' in archives) {
    tell(archives.problem);
    return archives.code;
  }
  const documented = values.reporter === 'json' ? archives : undefined;
  if (archives.every(({ findings }) => findings.length === 0)) {
    await report([], target.path, documented);
    return 0;
  }
  const isSure = values.yes === true;
  if (!isSure || canAsk()) tellFindings(archives, { path: target.path, expires });
  if (!isSure && !canAsk()) throw new UsageError(unaskedText(archives), 'allow');
  const reason = givenReason || (await answerTo('Why may it be installed all the same? '));
  if (reason === '') throw new UsageError("say why: --reason 'TEXT'", 'allow');
  if (!isSure && !(await isAnsweredYes('Have you looked at it, and do you allow it?'))) {
    tell('nothing was written');
    return 1;
  }
  const added = archives.flatMap((archive) => archive.exceptionsFor({ reason, expires }));
  target.write(target.withAdded(added));
  await report(added, target.path, documented);
  return 0;
}

/** Inspects the archives of packages and files. Each is inspected again with its exceptions. */
async function inspectedArchives(
  { values, operands }: AllowCall,
  inspection: Inspection,
): Promise<readonly AllowedArchive[] | NotAllowed> {
  const namedPackage = exactPackage(values);
  const { policy } = inspection;
  const isDocument = values.reporter === 'json';
  const archives = new OperandArchives({ command: 'allow', values, policy, isDocument });
  try {
    archives.check(operands);
    const allowedArchives: AllowedArchive[] = [];
    for (const operand of operands) {
      // oxlint-disable-next-line no-await-in-loop -- each is held on disk until the end
      for await (const archive of archives.of(operand)) {
        const allowed = inspected(archive, namedPackage, inspection);
        if ('problem' in allowed) return allowed;
        allowedArchives.push(allowed);
      }
    }
    return allowedArchives;
  } finally {
    archives.dispose();
  }
}

function inspected(
  archive: OperandArchive,
  namedPackage: PackageIdentity | undefined,
  { policy, withoutExceptions = new Set() }: Inspection,
): AllowedArchive | NotAllowed {
  if ('error' in archive) return { code: 2, problem: notInspectedText(archive) };
  const { path, shown, inspection, fetched } = archive;
  const result = scanFile(path, { ...inspection, policy });
  if ('error' in result)
    return { code: 2, problem: notInspectedText({ path: shown, error: result.error }) };
  const failed = (problem: string, code: 1 | 2 = 1): NotAllowed => {
    return { code, problem: `${printablePath(shown)}: ${problem}` };
  };
  const { findings, omitted, archive: facts, status } = result.verdict;
  const rejecting = findings.filter(rejects);
  if (status === 'reject' && fetched?.locked?.isSame === false) {
    const { lockfile, line } = fetched.locked;
    return failed(
      `${printablePath(lockfile)}:${line} pins other bytes, so that an exception would let nothing pass`,
    );
  }
  const forbidden = rejecting.find(({ rule }) => withoutExceptions.has(rule));
  if (forbidden !== undefined) {
    const end = policy.contact === undefined ? '' : `. ${contactLine(policy.contact)}`;
    return failed(
      `the policy of this machine makes ${forbidden.rule} an error, and no exception of yours counts for it${end}`,
    );
  }
  const unread = rejecting.find(stopsReading);
  if (unread !== undefined)
    return failed(
      `it was not read to its end (${unread.rule}): an exception would let pass what nobody has inspected`,
    );
  if (omitted > 0)
    return failed(
      `it has ${omitted} more findings than are listed, so no list of exceptions is whole`,
    );
  const { name, version } = { ...inspection.expected, ...namedPackage };
  const packageName = packageToAllow(formatIdentity(name, version) ?? '', result.verdict);
  if (packageName === undefined)
    return failed(
      'it does not say which package it is: add --package NAME@VERSION, as it is asked for',
    );
  const { sha512 } = facts;
  const allowed: AllowedArchive = {
    shown,
    sha512,
    findings: rejecting.map(
      ({ rule, entry, message }) => `${locationText(rule, entry)}: ${message}`,
    ),
    exceptionsFor: (statement) =>
      exceptionsFor({ package: packageName, sha512, findings }, statement),
    ...(fetched && { fetched }),
  };
  const trialExceptions = allowed.exceptionsFor({ reason: 'a test', expires: policy.today });
  const exceptions = [...policy.exceptions, ...trialExceptions];
  const secondResult = scanFile(path, { ...inspection, policy: { ...policy, exceptions } });
  return 'error' in secondResult || secondResult.verdict.status !== 'accept'
    ? failed('it changed while it was looked at', 2)
    : allowed;
}

/** The package of `--package`, if it is one exact version. An exception for anything else would never hold. */
function exactPackage(values: AllowCall['values']): PackageIdentity | undefined {
  const expected = expectedPackage('allow', values);
  if (expected === undefined || /^v?\d/.test(expected.version)) return expected;
  throw new UsageError('--package takes one exact version, not a range or a tag', 'allow');
}

const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_DAYS = 30;
/** An exception has to be looked at again within a year. */
const DAYS_MAX = 366;

/** The last day of new exceptions, `YYYY-MM-DD`. @throws UsageError for a day that is past, or too far ahead. */
function lastDay(day: string | undefined, now: number): string {
  const wrong = (problem: string): UsageError => new UsageError(`--expires ${problem}`, 'allow');
  if (day === undefined) return dayOf(now + DEFAULT_DAYS * DAY_MS);
  if (!isCalendarDay(day)) throw wrong('takes a day that exists, as YYYY-MM-DD');
  if (day < dayOf(now)) throw wrong('is past');
  if (day > dayOf(now + DAYS_MAX * DAY_MS)) throw wrong(`is more than ${DAYS_MAX} days ahead`);
  return day;
}

function unaskedText(archives: readonly AllowedArchive[]): string {
  const rejected = archives.find(({ findings }) => findings.length > 0)!;
  const name = printablePath(rejected.fetched?.package ?? rejected.shown);
  return `nothing was written, because nobody can be asked here. Look at the archive (tarwarden explain ${name}), then add --yes`;
}

/** Findings that are shown of one archive before the question. */
const SHOWN_MAX = 10;

function tellFindings(
  archives: readonly AllowedArchive[],
  { path, expires }: { readonly path: string; readonly expires: string },
): void {
  for (const { shown, findings, sha512 } of archives) {
    if (findings.length === 0) continue;
    const moreCount = findings.length - SHOWN_MAX;
    tell(
      [
        `${printablePath(shown)} is rejected for ${plural(findings.length, 'finding')}:`,
        ...findings.slice(0, SHOWN_MAX).map((line) => `  ${line}`),
        ...(moreCount > 0 ? [`  and ${moreCount} more`] : []),
        `  sha512 ${sha512}`,
      ].join('\n'),
    );
  }
  tell(
    `if you allow it, exceptions for exactly these bytes are written to ${printablePath(path)}. They hold until ${expires}`,
  );
}

/** @param documented The archives of a JSON document, or undefined for text. */
async function report(
  added: readonly Exception[],
  path: string,
  documented: readonly AllowedArchive[] | undefined,
): Promise<void> {
  if (documented !== undefined) {
    const facts = documented.map(({ shown, sha512, fetched = null }) => {
      return { path: shown, sha512, fetched };
    });
    const head = { schema: ALLOW_SCHEMA, path, written: added.length > 0 };
    await write(`${escapedJson({ ...head, exceptions: added, archives: facts })}\n`);
    return;
  }
  if (added.length === 0) {
    await write('nothing to allow: no finding rejects it\n');
    return;
  }
  for (const { rule, entry, package: name, expires } of added)
    await write(`${locationText(rule, entry)}: allowed for ${printable(name)} until ${expires}\n`);
  await write(`written to ${printablePath(path)}\n`);
}

function locationText(rule: string, entry: string | undefined): string {
  return entry === undefined ? rule : `${rule} in ${printable(entry)}`;
}
