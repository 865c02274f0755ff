/* `tarwarden-server sweep report`. */
import { RULESET } from '@tarwarden/core';
import { reportOf, type SweepReport } from '../../sweep/ledger/report.ts';
import type { Ledger } from '../../sweep/ledger/ledger.ts';
import { UsageError, type Values, write } from '@tarwarden/host/command-line';
import type { SWEEP_OPTIONS } from './definition.ts';
import { replaceFile } from '@tarwarden/host';
import { reportText } from './report-text.ts';

type Options = Values<typeof SWEEP_OPTIONS>;

export async function printReport(
  { since, reporter, out }: Options,
  ledger: Ledger,
): Promise<number> {
  if (since !== undefined && !isDay(since))
    throw new UsageError('--since must be a day: YYYY-MM-DD', 'sweep');
  const found = await reportOf(ledger, { ruleset: RULESET, since });
  const text = await shown(found, reporter);
  if (out === undefined) await write(text);
  else replaceFile(out, text);
  return 0;
}

async function shown(found: SweepReport, reporter: Options['reporter']): Promise<string> {
  if (reporter === 'json') return `${JSON.stringify(found, null, 2)}\n`;
  if (reporter === 'text') return reportText(found);
  const { reportPage } = await import('./page/page.ts');
  return reportPage(found, new Date());
}

/** Whether a text is a day of the calendar: the database rejects any other. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text < '0001') return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
