import { type ScanResult, type ScanSummary, recordOf } from './result.ts';
import { RULESET } from '../ruleset.ts';
import { escapedJson } from '../text/escaped-json.ts';
import { rejects } from '../finding/rejects.ts';
import { claimedPackage } from '../policy/exceptions.ts';
import { plural } from '../text/plural.ts';
import { printable, printablePath } from '../text/printable.ts';
import type { Verdict } from '../finding/verdict.ts';
import { lineText } from '../text/wrap.ts';
import { byWeight, findingLines, isQuiet, omittedLines, remedyLines } from './finding.ts';
import type { Style } from '../text/style.ts';

/** Shows a scan. Each method is pure, and returns the text to print, with its line feed, or an empty text. */
export interface Reporter {
  start(): string;
  /** Called once for each file, in the order of the input. */
  result(result: ScanResult): string;
  end(summary: ScanSummary): string;
}

/** Version of the document's shape. Raise it if a key changes its meaning or is removed. */
const SCHEMA = 1;

/** One JSON document, with one line for each file: `{schema, ruleset, results: ScanRecord[], summary: ScanSummary}`. */
export function jsonReporter(): Reporter {
  let separator = '\n';
  return {
    start: () => `{"schema":${SCHEMA},"ruleset":${escapedJson(RULESET)},"results":[`,
    result: (result) => {
      const line = `${separator}${escapedJson(recordOf(result))}`;
      separator = ',\n';
      return line;
    },
    end: (summary) => `\n],"summary":${escapedJson(summary)}}\n`,
  };
}

/** One line of JSON for each file ({@link ScanRecord}), and nothing else. */
export const ndjsonReporter: Reporter = {
  start: () => '',
  result: (result) => `${escapedJson(recordOf(result))}\n`,
  end: () => '',
};

/** The report for people. It shows files with findings or without a verdict, and counts the others. */
export function textReporter(style: Style): Reporter {
  return {
    start: () => '',
    result: (result) => formatResult(result, style),
    end: (summary) => formatSummary(summary, style),
  };
}

function formatResult(result: ScanResult, style: Style): string {
  const path = printablePath(result.path);
  if ('error' in result) {
    return `${style.red('NOT INSPECTED')} ${path}\n  ${result.error.message}\n\n`;
  }
  const { verdict } = result;
  if (isQuiet(verdict)) return '';
  const label = verdict.status === 'reject' ? style.red('REJECTED') : style.green('accepted');
  const lines = [`${label} ${style.bold(path)}${identity(verdict, path)}`];
  for (const finding of byWeight(verdict.findings))
    lines.push(...findingLines(finding, style).map(lineText));
  lines.push(...omittedLines(verdict, style));
  const rejecting = verdict.findings.filter(rejects);
  if (rejecting.length > 0) lines.push('  what to do:', ...remedyLines(rejecting, verdict.format));
  return `${lines.join('\n')}\n\n`;
}

/** The package that the archive claims to be, unless the operand says the same. */
function identity(verdict: Verdict, path: string): string {
  const claimed = claimedPackage(verdict);
  return claimed === undefined || claimed === path ? '' : ` (${printable(claimed)})`;
}

function formatSummary(summary: ScanSummary, style: Style): string {
  const { files, accepted, rejected, errors, warnings } = summary;
  const counts = [
    style.green(`${accepted} accepted`),
    rejected > 0 ? style.red(`${rejected} rejected`) : '0 rejected',
    ...(errors > 0 ? [style.red(`${errors} not inspected`)] : []),
    ...(warnings > 0 ? [style.yellow(plural(warnings, 'warning'))] : []),
  ];
  return `${plural(files, 'archive')}: ${counts.join(', ')}\n`;
}
