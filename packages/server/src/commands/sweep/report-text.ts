import { plural } from '@tarwarden/core/text';
import type { Count, SweepReport, ReportTally } from '../../sweep/ledger/report.ts';

/** A report for people. */
export function reportText(report: SweepReport): string {
  const { verdicts, rejected, versions, notInspected, outstanding, ruleset } = report;
  const { since, archives, newest, byRule } = report.newlyRejected;
  const isSince = since !== null;
  return [
    `${plural(verdicts, 'verdict')} by rule set ${ruleset}, of which ${rejected} reject (${share(rejected, verdicts)}); ${notInspected} not inspected, ${outstanding} tasks left\n`,
    table('By rule: archives', report.byRule, verdicts),
    table('By year: package versions', report.byYear, versions),
    table('By packer: package versions', report.byPacker, versions),
    ...(isSince
      ? [
          table(
            `Rejected since ${since} for the first time: ${plural(archives, 'archive')}`,
            byRule,
            archives,
          ),
        ]
      : []),
    list(
      isSince ? 'These, the newest first' : 'Rejected, the newest first',
      newest.map(
        ({ inspected, name, version, rules }) =>
          `${inspected}  ${name}@${version}  ${rules.join(', ')}`,
      ),
    ),
    list(
      'Not inspected',
      report.whyNotInspected.map((row) => `${row.count}  ${label(row)}`),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function table(title: string, rows: readonly Count[], all: number): string {
  return list(
    title,
    rows.map(
      (row) =>
        `${label(row).padEnd(32)} ${String(row.count).padStart(9)} ${share(row.count, all).padStart(8)}  ${row.rejected} rejected`,
    ),
  );
}

function label({ key, keys }: ReportTally): string {
  return keys === undefined ? key : `${keys} others`;
}

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function share(part: number, all: number): string {
  return all === 0 ? '0 %' : `${((100 * part) / all).toFixed(2)} %`;
}
