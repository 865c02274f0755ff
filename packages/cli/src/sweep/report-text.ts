import { plural } from '@tarwarden/core/text';
import type { Count, SweepReport } from '@tarwarden/sweep';

/** A report for people. Every text in a ledger is printable. */
export function reportText(report: SweepReport): string {
  const { verdicts, rejected, notInspected, outstanding, ruleset } = report;
  return [
    `${plural(verdicts, 'verdict')} by rule set ${ruleset}, of which ${rejected} reject (${share(rejected, verdicts)}); ${notInspected} not inspected, ${outstanding} tasks left\n`,
    table('By rule', report.byRule, verdicts),
    table('By year', report.byYear, verdicts),
    table('By packer', report.byPacker, verdicts),
    list(
      'Rejected, the newest first',
      report.newlyRejected.map(
        ({ inspected, name, version, rules }) =>
          `${inspected}  ${name}@${version}  ${rules.join(', ')}`,
      ),
    ),
    list(
      'Not inspected',
      report.whyNotInspected.map(({ reason, count }) => `${count}  ${reason}`),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function table(title: string, rows: readonly Count[], all: number): string {
  return list(
    title,
    rows.map(
      ({ key, archives, rejected }) =>
        `${key.padEnd(32)} ${String(archives).padStart(9)} ${share(archives, all).padStart(8)}  ${rejected} rejected`,
    ),
  );
}

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function share(part: number, all: number): string {
  return all === 0 ? '0 %' : `${((100 * part) / all).toFixed(2)} %`;
}
