/* The texts about a run that people read: lines at its end, and a job's summary on GitHub. */
import { plural } from '@tarwarden/core/text';
import { passedAnyway, type Counted, type Tally } from './tally.ts';

/** The most packages in a table, and the most characters. GitHub shows nothing of a step's summary above 1 MiB. */
const LISTED_MAX = 100;
const TABLE_CHARS_MAX = 128 * 1024;

/** The loud line at the start of a run that refuses nothing. */
export const REPORT_ONLY_BEGIN =
  'REPORT ONLY: your own policy file says "mode": "report", so what is rejected is installed all the same';

/** The loud line while the project's policy is not known yet. */
export const REPORT_ONLY_UNLESS: string = `${REPORT_ONLY_BEGIN}, unless the project's policy says "refuse"`;

export function reportOnlyEnd(tally: Tally): string {
  const { inspected, rejected } = tally.counts;
  const amount = rejected > tally.letPass ? 'not all' : 'nothing';
  return `REPORT ONLY: ${amount} that was rejected is kept out; ${tally.letPass} of ${plural(inspected, 'package')} would have been refused`;
}

/** `68 inspected, 68 accepted`. */
export function countLine(tally: Tally): string {
  const { inspected, remembered, accepted, rejected, notInspected, excepted } = tally.counts;
  const { letPass } = tally;
  const refusedCount = rejected - letPass;
  const parts = [
    `${inspected} inspected${remembered === 0 ? '' : ` (${remembered} remembered)`}`,
    `${accepted} accepted${excepted === 0 ? '' : ` (${excepted} by an exception)`}`,
    ...(refusedCount === 0 ? [] : [`${refusedCount} refused`]),
    ...(letPass === 0 ? [] : [`${letPass} would be refused`]),
    ...(notInspected === 0 ? [] : [`${notInspected} not inspected`]),
  ];
  return parts.join(', ');
}

export function stepSummary(tally: Tally): string {
  const lines = ['### tarwarden', '', `${countLine(tally)}.`, ''];
  if (tally.isReportOnly) {
    lines.push('**Report only: what was rejected is installed all the same.**', '');
  }
  const { bad } = tally;
  if (bad.length > 0) {
    lines.push('| package | | why |', '| --- | --- | --- |');
    const packageRows = rowsOf(bad);
    lines.push(...packageRows, '');
    if (bad.length > packageRows.length)
      lines.push(`… and ${bad.length - packageRows.length} more.`, '');
  }
  const { exceptions } = tally;
  if (exceptions.length > 0) {
    const exceptionRows = fitting(
      exceptions.slice(0, LISTED_MAX).map((line) => `- ${code(line, 2048)}`),
    );
    lines.push('Exceptions of the policy that let something pass:', '', ...exceptionRows, '');
    if (exceptions.length > exceptionRows.length)
      lines.push(`… and ${exceptions.length - exceptionRows.length} more.`, '');
  }
  return `${lines.join('\n')}\n`;
}

/** Rejected packages come first, so that many failed inspections cannot push them out of the table. */
function rowsOf(bad: readonly Counted[]): string[] {
  const rank = ({ status }: Counted): number => (status === 'reject' ? 0 : 1);
  const rows = bad
    .toSorted((left, right) => rank(left) - rank(right))
    .slice(0, LISTED_MAX)
    .map(row);
  return fitting(rows);
}

function fitting(rows: readonly string[]): string[] {
  let room = TABLE_CHARS_MAX;
  const tooMany = rows.findIndex((text) => (room -= text.length) < 0);
  return rows.slice(0, tooMany < 0 ? rows.length : tooMany);
}

function row(item: Counted): string {
  const outcome =
    item.status === 'error' ? 'not inspected' : passedAnyway(item) ? 'would be refused' : 'refused';
  return `| ${code(item.package)} | ${outcome} | ${code(item.why)} |`;
}

/** Escapes hostile text for Markdown and HTML by character references. In `<code>`, GitHub also makes no links or mentions. */
function code(text: string, charsMax = 512): string {
  const escaped = text
    .slice(0, charsMax)
    .replace(/[^A-Za-z0-9 ]/gu, (character) => `&#${character.codePointAt(0)};`);
  return `<code>${escaped}</code>`;
}
