/* Several servers on one storage, as behind a balancer: whatever the order in which they read and write, a rejection stays. */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  openStorage,
  type VerdictStorage,
} from '../../../../packages/server/src/verdict-server/storage.ts';
import { verdictServer } from '../../../../packages/server/src/verdict-server/server.ts';
import { addressOf, signVerdict } from '../../../../packages/host/src/signed-verdicts/index.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { asked, rejection, signer, TODAY, verdictOn } from '../../../support/signed-verdicts.ts';

const ci = signer();
let folder: string;
let servers: Server[];
freshFolder((made) => {
  folder = made;
  servers = [];
});
afterEach(() => {
  for (const server of servers) server.close().closeAllConnections();
});

async function serve(storage: VerdictStorage): Promise<string> {
  const onError = (error: unknown): void => console.error(error);
  const server = verdictServer({ storage, keys: ci.pinned, today: () => TODAY, onError });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const accepted = (text?: string): string => signVerdict(asked(text), verdictOn(text), ci.key);
const rejected = (text?: string): string => signVerdict(asked(text), rejection(text), ci.key);

const put = async (base: string, text: string | undefined, body: string): Promise<number> =>
  (await fetch(`${base}/v1/${addressOf(asked(text))}`, { method: 'PUT', body })).status;
const got = async (base: string, text?: string): Promise<string> =>
  (await fetch(`${base}/v1/${addressOf(asked(text))}`)).text();

describe('two servers on one storage', () => {
  it('keep the rejection that came while the other was about to store an acceptance', async () => {
    const inner = await openStorage(folder, {});
    let letGo = (): void => undefined;
    const isLate = new Promise<void>((resolve) => (letGo = resolve));
    let hasRead = (): void => undefined;
    const read = new Promise<void>((resolve) => (hasRead = resolve));
    const slow = await serve({
      ...inner,
      put: async (...args) => {
        hasRead();
        await isLate;
        await inner.put(...args);
      },
    });
    const other = await serve(inner);
    const first = put(slow, undefined, accepted());
    await read;
    expect(await put(other, undefined, rejected())).toBe(201);
    letGo();
    expect(await first).toBe(201);
    expect([await got(slow), await got(other)]).toEqual([rejected(), rejected()]);
    expect(await put(slow, undefined, accepted())).toBe(200);
    expect(await got(slow)).toBe(rejected());
  });

  it('leave nothing torn in a folder where both write at once', async () => {
    const [one, two] = [
      await serve(await openStorage(folder, {})),
      await serve(await openStorage(folder, {})),
    ];
    const texts = Array.from({ length: 40 }, (_, index) => `bytes ${index}`);
    await Promise.all(
      texts.flatMap((text) => [
        put(one, text, accepted(text)),
        put(two, text, rejected(text)),
        put(two, text, accepted(text)),
        put(one, text, rejected(text)),
      ]),
    );
    for (const text of texts) expect(await got(one, text)).toBe(rejected(text));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    expect(files.filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });
});
