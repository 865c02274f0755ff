import type { Finding, Verdict } from '@tarwarden/core';
import { formatBlock, nextSteps, presetText, rejects, stepTexts } from '@tarwarden/core/report';
import { printable, redactUrl } from '@tarwarden/core/text';
import { isTooLarge, TOO_LARGE_REMEDY } from '../fetch/too-large.ts';
import { subjectName, type Subject } from './subject.ts';

/** Why a package is refused. All text is escaped for a terminal, and without credentials. */
export interface Refused {
  /** `rejected` by a verdict, or `not-inspected`, which is never treated as clean. */
  readonly kind: 'rejected' | 'not-inspected';
  readonly subject: string;
  /** Set if the client was about to upload the archive, and not to install it. */
  readonly isUpload?: boolean | undefined;
  /** The problems, one line each. */
  readonly reasons: readonly string[];
  /** The next steps of the user, one line each: commands where there are some. */
  readonly remedies: readonly string[];
  /** The most important facts in one line. */
  readonly headline: string;
  /** The full text for people: several lines, without a line feed at the end. */
  readonly block: string;
}

export interface DescribeOptions {
  /** In report mode: the text says that the package would be refused. */
  readonly wouldBe?: boolean;
}

/** A client decodes a response according to `content-encoding` before its guard sees the bytes. */
const DECODED =
  'Yarn got a tar that is not compressed, as it does where a registry or proxy calls the .tgz itself encoded ' +
  '(content-encoding: gzip); nothing is known of an attack';
const DECODED_REMEDY = 'Have that server send the file without this header.';

export function rejected(
  verdict: Verdict,
  subject: Subject,
  { wouldBe = false }: DescribeOptions = {},
): Refused {
  if (!wouldBe && subject.isDecodedByClient === true && isOnlyUncompressed(verdict))
    return notInspected(subject, DECODED, { remedy: DECODED_REMEDY });
  const findings = verdict.findings.filter(rejects);
  const name = subjectName(subject, verdict);
  const { source, expected, isOfOwnIndex, isUpload } = subject;
  const refused = { subject: name, source, expected, isOfOwnIndex, isUpload, verdict };
  const [firstFinding] = findings;
  const moreCount = findings.length - 1 + verdict.omitted;
  return {
    kind: 'rejected',
    subject: name,
    isUpload,
    reasons: findings.map(reason),
    remedies: stepTexts(nextSteps(refused)),
    headline: `${name} is refused: ${firstFinding === undefined ? 'it is rejected' : reason(firstFinding)}${moreCount > 0 ? ` (and ${moreCount} more)` : ''}`,
    block: formatBlock({ ...refused, wouldBe }),
  };
}

function isOnlyUncompressed({ findings, omitted }: Verdict): boolean {
  return (
    omitted === 0 && findings.filter(rejects).every(({ rule }) => rule === 'uncompressed-archive')
  );
}

/** The text about an accepted archive with warnings that its publisher should know. Undefined for every other archive. */
export function uploadWarning(verdict: Verdict, subject: Subject): string | undefined {
  if (subject.isUpload !== true) return undefined;
  if (!verdict.findings.some(({ level }) => level === 'warning')) return undefined;
  return formatBlock({ ...subject, subject: subjectName(subject, verdict), verdict });
}

function reason({ rule, entry, message, preset }: Finding): string {
  const entryText = entry === undefined ? '' : `${printable(entry)}: `;
  return `${rule}: ${entryText}${message}${preset === undefined ? '' : ` (${presetText(preset)})`}`;
}

/** The advice for every archive that was not inspected. */
const MEND =
  'Solve this problem and run the command again. Packages that were inspected before are remembered.';

export interface NotInspectedOptions {
  /** Its message is added to the reason. */
  readonly cause?: unknown;
  readonly remedy?: string | undefined;
}

/** A refusal of an archive that has no verdict. If it is too large, the refusal says that instead of `reasonText`. */
export function notInspected(
  subject: Subject,
  reasonText: string,
  options: NotInspectedOptions = {},
): Refused {
  const { cause } = options;
  const why = isTooLarge(cause) ? cause.message : reasonText;
  const remedy = options.remedy ?? (isTooLarge(cause) ? TOO_LARGE_REMEDY : MEND);
  const name = subjectName(subject);
  const causeText = cause instanceof Error && cause.message !== why ? ` (${cause.message})` : '';
  const detail = redactUrl(why + causeText);
  const outcome = subject.isUpload === true ? 'published' : 'installed';
  const source = subject.source === undefined ? [] : [`  source:  ${redactUrl(subject.source)}`];
  return {
    kind: 'not-inspected',
    subject: name,
    isUpload: subject.isUpload,
    reasons: [detail],
    remedies: [remedy],
    headline: `${name} was not inspected, so it is not ${outcome}: ${detail}`,
    block: [
      `tarwarden: not inspected, so not ${outcome}: ${name}`,
      ...source,
      `  reason:  ${detail}`,
      `  to do:   ${remedy}`,
    ].join('\n'),
  };
}

const CONTACT_CHARS = 200;

/** A refusal that ends with the contact of the policy, if it has one. */
export function withContact(refused: Refused, contact: string | undefined): Refused {
  if (contact === undefined) return refused;
  const line = contactLine(contact);
  return {
    ...refused,
    remedies: [...refused.remedies, line],
    block: `${refused.block}\n\n  ${line}`,
  };
}

/** The line that says whom to ask. Safe for a terminal. */
export function contactLine(contact: string): string {
  return `Contact: ${printable(contact, CONTACT_CHARS)}`;
}
