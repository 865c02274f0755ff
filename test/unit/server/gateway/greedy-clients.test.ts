/* Clients of go, Python and Ruby that ask and go away: others have what they ask for meanwhile. */
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import type { Ecosystem } from '@tarwarden/core';
import { wheelOf } from '../../../support/pip/packages.ts';
import { listening, startGateway, type Testing } from './support.ts';

let testing: Testing;

async function begin(ecosystem: Ecosystem, listener: RequestListener): Promise<void> {
  const { address } = await listening(listener);
  testing = await startGateway(address, { ecosystem });
}

/** One that asks, and reads nothing. */
function asking(target: string): Socket {
  return testing.open(`GET ${target} HTTP/1.1\r\nhost: localhost\r\n\r\n`).pause();
}

it.each([
  ['go', (n: number) => `/example.org/m${n}/@v/list`, '/example.org/quick/@v/list'],
  ['rubygems', (n: number) => `/info/m${n}`, '/info/quick'],
  ['pypi', (n: number) => `/simple/m${n}/`, '/simple/quick/'],
  ['pypi', (n: number) => `/files/m${n}/m${n}-1.0.tar.gz`, '/simple/quick/'],
] as const)('ask a gateway for %s, and go', async (ecosystem, nth, quick) => {
  let pending = 0;
  await begin(ecosystem, (request, response) => {
    response.setHeader('content-type', 'text/html');
    if (request.url!.includes('quick')) return void response.end('v1.0.0\n');
    pending += 1;
    response.once('close', () => (pending -= 1));
    return void response.write('v1.0.0\n');
  });
  const gone = Array.from({ length: 80 }, (_, n) => asking(nth(n)));
  await vi.waitFor(() => expect(pending).toBe(64), { timeout: 10_000 });
  for (const socket of gone) socket.destroy();
  expect(await testing.ask(quick)).toMatchObject({ status: 200 });
  await vi.waitFor(() => expect(pending).toBe(0), { timeout: 10_000 });
});

it('ask for a page with others, and go: those others have it', async () => {
  let go = (): void => undefined;
  let pages = 0;
  const { fileName, bytes } = wheelOf({ name: 'clean' });
  await begin('pypi', (request, response) => {
    if (request.url !== '/clean/') return void response.end(bytes);
    pages += 1;
    response.setHeader('content-type', 'text/html');
    go = () => void response.end(`<a href="/${fileName}">`);
    return undefined;
  });
  const first = asking(`/files/clean/${fileName}`);
  await vi.waitFor(() => expect(pages).toBe(1));
  const other = testing.ask(`/files/clean/${fileName}`);
  await wait(50);
  first.destroy();
  await wait(50);
  go();
  expect(await other).toMatchObject({ status: 200 });
  expect(pages).toBe(1);
});
