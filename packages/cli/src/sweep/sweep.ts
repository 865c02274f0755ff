import { RULESET, TarwardenError } from '@tarwarden/core';
import { printable, redactUrl } from '@tarwarden/core/text';
import { envelopesOf, Ledger, reportOf, SourceError, QueueAddressError } from '@tarwarden/sweep';
import type { Call, Values } from '../command-line/definition.ts';
import type { SWEEP_OPTIONS } from '../commands/sweep.ts';
import { replaceFile } from '../edit/replace-file.ts';
import { tell, write } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { reportText } from './report-text.ts';
import { runSweep, runWorker } from './run.ts';

type Options = Values<typeof SWEEP_OPTIONS>;

/** `tarwarden sweep run|worker|report|export`. */
export async function sweepCommand(call: Call<typeof SWEEP_OPTIONS>): Promise<number> {
  const [action] = call.operands;
  const ledger = await openLedger(call.values);
  try {
    switch (action) {
      case 'run':
        return await runSweep(call, ledger);
      case 'worker':
        return await runWorker(call, ledger);
      case 'export':
        return await exportSet(call.values, ledger);
      default:
        return await report(call.values, ledger);
    }
  } catch (error) {
    if (error instanceof SourceError || error instanceof QueueAddressError)
      throw new UsageError(printable(error.message), 'sweep');
    throw error;
  } finally {
    await ledger.close();
  }
}

async function openLedger({ ledger }: Options): Promise<Ledger> {
  const address = ledger ?? process.env['TARWARDEN_SWEEP_LEDGER'];
  if (address === undefined || !/^postgres(?:ql)?:\/\//.test(address))
    throw new UsageError('--ledger must be postgres://HOST/DATABASE', 'sweep');
  try {
    return await Ledger.open(address, () => undefined);
  } catch (cause) {
    const why = printable(cause instanceof Error ? cause.message : String(cause));
    const message = `the ledger ${redactUrl(address)} cannot be used: ${why}`;
    throw new TarwardenError('STORE_FAILED', message, { cause });
  }
}

async function report({ since, reporter }: Options, ledger: Ledger): Promise<number> {
  if (since !== undefined && !isDay(since))
    throw new UsageError('--since must be a day: YYYY-MM-DD', 'sweep');
  const found = await reportOf(ledger, { ruleset: RULESET, since });
  await write(reporter === 'json' ? `${JSON.stringify(found, null, 2)}\n` : reportText(found));
  return 0;
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

async function exportSet({ out }: Options, ledger: Ledger): Promise<number> {
  if (out === undefined) throw new UsageError('export needs --out FILE', 'sweep');
  const lines: string[] = [];
  for await (const envelope of envelopesOf(ledger)) lines.push(`${envelope}\n`);
  replaceFile(out, lines.join(''));
  tell(`${lines.length} signed verdicts`);
  return 0;
}
