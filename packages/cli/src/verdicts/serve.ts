import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { dayOf } from '@tarwarden/core/policy';
import { printable } from '@tarwarden/core/text';
import { loadPolicy } from '@tarwarden/host';
import { openStorage, StorageAddressError, verdictServer } from '@tarwarden/verdict-server';
import { readPinnedKeys } from '@tarwarden/verdicts';
import type { Values } from '../command-line/definition.ts';
import type { VERDICTS_OPTIONS } from '../commands/verdicts.ts';
import { tell } from '../output.ts';
import { UsageError } from '../usage-error.ts';

/** `tarwarden verdicts serve`: until it is told to end. */
export async function serve(values: Values<typeof VERDICTS_OPTIONS>): Promise<number> {
  const { host, port } = placeIn(values.listen);
  if (values.storage === undefined) throw new UsageError('serve needs --storage', 'verdicts');
  const { verdicts } = loadPolicy({ env: process.env });
  const keys = readPinnedKeys(verdicts?.keys ?? []);
  if (keys.length === 0)
    throw new UsageError(
      'your policy file pins no key, so that nothing could be stored',
      'verdicts',
    );
  const storage = await openStorage(values.storage, process.env).catch((error: unknown) => {
    throw error instanceof StorageAddressError
      ? new UsageError(printable(error.message), 'verdicts')
      : error;
  });
  const server = verdictServer({
    storage,
    keys,
    today: () => dayOf(Date.now()),
    onError: (error) =>
      tell(`storage: ${printable(error instanceof Error ? error.message : String(error))}`),
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    await storage.close();
    throw new UsageError(
      `cannot listen on ${values.listen}: ${(error as Error).message}`,
      'verdicts',
    );
  }
  const { address, port: taken } = server.address() as AddressInfo;
  const shown = address.includes(':') ? `[${address}]` : address;
  tell(
    `verdicts in ${printable(storage.label)} at http://${shown}:${taken}/, ${keys.length} keys may store`,
  );
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  server.close();
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), 5_000).unref();
  await once(server, 'close');
  await storage.close();
  return 0;
}

function placeIn(text: string): { host: string; port: number } {
  const [, host, port] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || host === '' || Number(port) > 65_535)
    throw new UsageError('--listen must be HOST:PORT', 'verdicts');
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}
