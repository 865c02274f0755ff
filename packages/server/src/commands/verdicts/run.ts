import { once } from 'node:events';
import { dayOf } from '@tarwarden/core/policy';
import { printable } from '@tarwarden/core/text';
import { LivePolicy } from '@tarwarden/host';
import { verdictServer } from '../../verdict-server/server.ts';
import { remark, tell, UsageError, type Call } from '@tarwarden/host/command-line';
import type { VERDICTS_OPTIONS } from './definition.ts';
import { listen, stopRequested } from '../serving.ts';
import { storageAt } from '../storage.ts';

/** `tarwarden-server verdicts serve`. Runs until it is stopped. */
export async function serveVerdicts({ values }: Call<typeof VERDICTS_OPTIONS>): Promise<number> {
  if (values.storage === undefined) throw new UsageError('serve needs --storage', 'verdicts');
  const live = new LivePolicy({ env: process.env }, (text) => tell(`warning: ${text}`));
  const count = live.pinnedKeys.length;
  if (count === 0)
    throw new UsageError(
      'your policy file pins no key, so that nothing could be stored',
      'verdicts',
    );
  const storage = await storageAt(values.storage, 'verdicts');
  const server = verdictServer({
    storage,
    keys: () => live.pinnedKeys,
    today: () => dayOf(Date.now()),
    onError: (error) =>
      tell(`storage: ${printable(error instanceof Error ? error.message : String(error))}`),
  });
  try {
    const address = await listen(server, values.listen, 'verdicts');
    remark(`verdicts in ${printable(storage.label)} at ${address}, ${count} keys may store`);
    await stopRequested();
    const closed = once(server, 'close');
    server.close();
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 5_000).unref();
    await closed;
  } finally {
    await storage.close();
  }
  return 0;
}
