import { TarwardenError } from '@tarwarden/core';
import { printable, redactUrl } from '@tarwarden/core/text';
import { Ledger } from '../../sweep/ledger/ledger.ts';
import { SourceError } from '../../sweep/sources/source.ts';
import { type Call, UsageError, type Values } from '@tarwarden/host/command-line';
import type { SWEEP_OPTIONS } from './definition.ts';
import { runBoard } from './board.ts';
import { exportLedger } from './export.ts';
import { metered } from './metrics.ts';
import { printReport } from './report.ts';
import { runSweep, runWorker } from './tasks.ts';

type Options = Values<typeof SWEEP_OPTIONS>;
type SweepCall = Call<typeof SWEEP_OPTIONS>;

/** `tarwarden-server sweep run|worker|board|report|export`. */
export async function sweepCommand(call: SweepCall): Promise<number> {
  const [action] = call.operands;
  const { reporter } = call.values;
  if (reporter !== 'text' && action !== 'report' && !(action === 'run' && reporter === 'json'))
    throw new UsageError('--reporter is for "report"; "run" has --reporter json as well', 'sweep');
  if (action === 'board') return runBoard(call);
  const ledger = await openLedger(call.values);
  try {
    switch (action) {
      case 'run':
        return await metered(call.values, async (meter) => runSweep(call, ledger, meter));
      case 'worker':
        return await metered(call.values, async (meter) => runWorker(call, ledger, meter));
      case 'export':
        return await reading(call, () => exportLedger(call.values, ledger));
      default:
        return await reading(call, () => printReport(call.values, ledger));
    }
  } catch (error) {
    if (error instanceof SourceError) throw new UsageError(printable(error.message), 'sweep');
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
    throw unusable(address, cause);
  }
}

/** Runs a command that only reads: it fails if the ledger goes away, and does not wait for it. */
async function reading({ values }: SweepCall, run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    throw isOfServer(error) ? unusable(values.ledger, error) : error;
  }
}

function unusable(address: string | undefined, cause: unknown): TarwardenError {
  const shown = redactUrl(address ?? process.env['TARWARDEN_SWEEP_LEDGER'] ?? '');
  const why = printable(cause instanceof Error ? cause.message : String(cause));
  const message = `the ledger ${shown} cannot be used: ${why}`;
  return new TarwardenError('STORE_FAILED', message, { cause });
}

/** Whether an error comes from PostgreSQL or from the connection to it. */
function isOfServer(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof TarwardenError) return false;
  // A code of the protocol has five characters; a code of the system is a name.
  const { code } = error as { code?: unknown };
  const isCode = typeof code === 'string' && /^(?:[0-9A-Z]{5}|E[A-Z]+)$/.test(code);
  return isCode || /^(?:Connection terminated|timeout exceeded)/.test(error.message);
}
