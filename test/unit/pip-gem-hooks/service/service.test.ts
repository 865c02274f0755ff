import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { SERVICE_ENVIRONMENT } from '@tarwarden/pip-gem-hooks/protocol';
import {
  startInspectionService,
  type InspectionService,
  type ServiceOptions,
} from '../../../../packages/pip-gem-hooks/src/service/service.ts';
import { WHEEL_IN_MEMORY_BYTES } from '@tarwarden/core/limits';
import { attack } from '../../../support/attacks.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { tgz } from '../../../support/pkg.ts';
import { writeSparseWheel } from '../../../support/sparse-wheel.ts';

let root: string;
const open: InspectionService[] = [];
freshFolder((made) => (root = made));
afterEach(() => {
  for (const service of open.splice(0)) service.close();
});

async function start(options: Partial<ServiceOptions> = {}): Promise<InspectionService> {
  const env = { XDG_CONFIG_HOME: root, XDG_CACHE_HOME: root };
  const service = await startInspectionService({ env, project: root, ...options });
  open.push(service);
  return service;
}

function socketOf(service: InspectionService): string {
  return (service.env[SERVICE_ENVIRONMENT.address] ?? '').replace(/^unix:/, '');
}

function dial(service: InspectionService): Socket {
  const address = service.env[SERVICE_ENVIRONMENT.address] ?? '';
  const [, port] = /^tcp:127\.0\.0\.1:(\d+)$/.exec(address) ?? [];
  return port === undefined
    ? connect(socketOf(service))
    : connect({ host: '127.0.0.1', port: Number(port) });
}

/** Everything that comes back for what is sent. */
async function send(service: InspectionService, sent: string | Buffer): Promise<string> {
  const socket = dial(service);
  socket.end(sent);
  return text(socket).catch(() => '');
}

/** The one answer to a question. */
async function ask(service: InspectionService, question: object): Promise<unknown> {
  const token = service.env[SERVICE_ENVIRONMENT.token];
  return JSON.parse(await send(service, `${JSON.stringify({ token, ...question })}\n`));
}

/** A question about bytes that are in a file now. */
function about(bytes: Uint8Array, name = 'archive.tgz'): object {
  const path = join(root, name);
  writeFileSync(path, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { ask: 'inspect', path, sha256, format: 'npm', fileName: 'archive.tgz' };
}

const bad = attack('symlink').build({ name: 'bad' });
const error = (message: string) => ({ status: 'error', message: `tarwarden: ${message}` });
const refuse = (message: string) => ({
  status: 'refuse',
  message: expect.stringContaining(message),
});

describe('a service that inspects for guards in other languages', () => {
  test('is in a folder that only this user can enter, and which is gone afterwards', async () => {
    const service = await start();
    const folder = dirname(socketOf(service));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    service.close();
    expect(existsSync(folder)).toBe(false);
  });

  test('listens on the loopback where clients have no sockets with paths', async () => {
    const service = await start({ platform: 'win32' });
    expect(service.env[SERVICE_ENVIRONMENT.address]).toMatch(/^tcp:127\.0\.0\.1:\d+$/);
    expect(await ask(service, { ask: 'hello', guard: '1', client: 'pip 1' })).toEqual({
      status: 'welcome',
    });
  });

  test('accepts a clean archive, and counts it', async () => {
    const service = await start();
    expect(await ask(service, about(tgz()))).toEqual({ status: 'accept' });
    expect(service.inspected).toBe(1);
    expect(service.accepted).toEqual([{ format: 'npm', fileName: 'archive.tgz' }]);
    expect(service.events).toEqual([]);
  });

  test('lets a folder pass that the user chose, and refuses what something else chose', async () => {
    const service = await start();
    const source = { kind: 'folder', label: 'mine', source: 'file:///mine' };
    expect(await ask(service, { ask: 'source', ...source })).toEqual({ status: 'accept' });
    expect(service.sources).toEqual([expect.objectContaining(source)]);
    const chosen = { ...source, label: 'prey', chosenBy: 'the metadata\u001b of x' };
    const why = refuse('it is a folder, not an archive, and chosen by the metadata\\x1b of x');
    expect(await ask(service, { ask: 'source', ...chosen })).toEqual(why);
    expect(service.events).toEqual([{ event: 'blocked', subject: 'prey' }]);
    expect(service.sources).toHaveLength(1);
    expect(await ask(service, { ask: 'source', ...source })).toEqual(refuse('prey'));
    expect(await ask(service, about(tgz()))).toEqual(refuse('prey'));
  });

  test('reads a large wheel in parts, and only the one that was asked about', async () => {
    const fileName = 'fixture-1.0.0-py3-none-any.whl';
    const path = join(root, fileName);
    const question = (): object => {
      const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
      return { ask: 'inspect', path, sha256, format: 'wheel', fileName };
    };
    writeSparseWheel(path, WHEEL_IN_MEMORY_BYTES);
    const clean = question();
    expect(await ask(await start(), clean)).toEqual({ status: 'accept' });
    writeSparseWheel(path, WHEEL_IN_MEMORY_BYTES, 1);
    expect(await ask(await start(), question())).toEqual(refuse('zip-damaged'));
    expect(await ask(await start(), clean)).toEqual(refuse('the file changed'));
  });

  test('takes a path as bytes in hex, and only one path', async () => {
    const service = await start();
    const { path, ...question } = about(tgz()) as { path: string };
    const pathHex = Buffer.from(path).toString('hex');
    expect(await ask(service, { ...question, pathHex })).toEqual({ status: 'accept' });
    expect(await ask(service, { ...question, path, pathHex })).toEqual(
      error('path is there twice'),
    );
    expect(await ask(service, { ...question, pathHex: 'xy' })).toEqual(
      error('pathHex is not lower-case hex'),
    );
  });

  test('refuses a hostile one by name and rule, and everything after it', async () => {
    const service = await start();
    const question = {
      ...about(bad),
      name: 'bad',
      version: '1.0.0',
      source: 'https://u:p@x.test/b',
    };
    expect(await ask(service, question)).toEqual(refuse('symlink'));
    expect(await ask(service, about(tgz(), 'clean.tgz'))).toEqual(refuse('bad@1.0.0'));
    expect(service.events).toEqual([{ event: 'blocked', subject: 'bad@1.0.0' }]);
    expect(service.refusals.map(({ block }) => block)).toEqual([
      expect.stringContaining('https://***@x.test/b'),
    ]);
  });

  test('answers several questions of one connection in their order', async () => {
    const service = await start();
    const token = service.env[SERVICE_ENVIRONMENT.token];
    const lines = [about(tgz()), about(bad, 'bad.tgz')].map((one) =>
      JSON.stringify({ token, ...one }),
    );
    const answers = (await send(service, `${lines.join('\n')}\n`)).trim().split('\n');
    expect(answers.map((one) => JSON.parse(one).status)).toEqual(['accept', 'refuse']);
  });

  test('counts the hello of the client that has the nonce, and no other', async () => {
    const service = await start();
    const hello = { ask: 'hello', guard: '1', client: 'pip 25.1.1' };
    expect(await ask(service, hello)).toEqual({ status: 'welcome' });
    expect(await ask(service, { ...hello, nonce: 'x' })).toEqual({ status: 'welcome' });
    expect(service.events).toEqual([]);
    await ask(service, { ...hello, nonce: service.env[SERVICE_ENVIRONMENT.nonce] });
    expect(service.events).toEqual([{ event: 'armed', nonce: service.nonce }]);
  });

  test('turns a client away that cannot be guarded', async () => {
    const service = await start({ refuseClient: (client) => `no ${client}` });
    const hello = { ask: 'hello', guard: '1', client: 'pip 9' };
    expect(await ask(service, hello)).toEqual({ status: 'refuse', message: 'no pip 9' });
    expect(service.events).toEqual([{ event: 'unsupported', reason: 'no pip 9' }]);
  });

  test('notes that a guard could not be put in place', async () => {
    const service = await start();
    await ask(service, { ask: 'unsupported', reason: 'this pip has no x' });
    expect(service.events).toEqual([{ event: 'unsupported', reason: 'this pip has no x' }]);
  });

  test('remembers what it accepted, for a later run', async () => {
    const first = await start();
    const { sha256, format, fileName } = about(tgz()) as Record<string, string>;
    const known = { ask: 'remembered', sha256, format, fileName };
    expect(await ask(first, known)).toEqual({ status: 'unknown' });
    await ask(first, about(tgz()));
    expect(await ask(first, known)).toEqual({ status: 'accept' });
    expect(await ask(first, { ...known, fileName: 'other.tgz' })).toEqual({ status: 'unknown' });
  });
});

describe('a file that is asked about', () => {
  test('is refused where it is another than the guard has seen', async () => {
    const question = about(tgz());
    writeFileSync(join(root, 'archive.tgz'), bad);
    expect(await ask(await start(), question)).toEqual(refuse('changed while it was looked at'));
  });

  test('is refused as a link, a folder, a relative path, and where it is missing', async () => {
    const question = about(tgz());
    symlinkSync('archive.tgz', join(root, 'link'));
    const of = async (path: string) => ask(await start(), { ...question, path });
    expect(await of(join(root, 'link'))).toEqual(refuse('cannot be opened (ELOOP)'));
    expect(await of(root)).toEqual(refuse('not a regular file'));
    expect(await of('archive.tgz')).toEqual(refuse('not absolute'));
    expect(await of(join(root, 'none'))).toEqual(refuse('cannot be opened (ENOENT)'));
  });

  test('is refused where nobody knows the format', async () => {
    const question = { ...about(tgz()), format: 'cake' };
    expect(await ask(await start(), question)).toEqual(refuse('format that is not known'));
  });

  test('is not accepted where the policy is broken', async () => {
    writeFileSync(join(root, 'tarwarden.json'), '{');
    const service = await start();
    expect(await ask(service, about(tgz()))).toEqual({
      status: 'error',
      message: expect.stringContaining('tarwarden.json'),
    });
    expect(service.accepted).toEqual([]);
  });
});

describe('a connection', () => {
  test('gets nothing without the token', async () => {
    const service = await start();
    const question = { ...about(tgz()), token: 'x'.repeat(64) };
    expect(await ask(service, question)).toEqual(error('wrong token'));
    expect(await ask(service, { ...question, token: null })).toEqual(error('wrong token'));
    expect(service.inspected).toBe(0);
  });

  test.each([
    ['no JSON', 'x', 'not JSON'],
    ['a list', '[]', 'not an object'],
    ['null', 'null', 'not an object'],
  ])('is ended by %s', async (_name, line, message) => {
    expect(JSON.parse(await send(await start(), `${line}\n`))).toEqual(error(message));
  });

  test.each([
    ['no question', {}, 'ask is missing'],
    ['an unknown question', { ask: 'install' }, 'unknown question'],
    ['a number', { ask: 7 }, 'ask is not text'],
    ['no path', { ask: 'inspect', path: '' }, 'path is missing'],
    ['a bad hash', { ask: 'inspect', path: '/x', sha256: 'AB' }, 'sha256 is not lower-case hex'],
    ['an inherited field', { ask: 'inspect', __proto__: { path: '/x' } }, 'path is missing'],
  ])('is ended by %s', async (_name, question, message) => {
    expect(await ask(await start(), question)).toEqual(error(message));
  });

  test('is cut off when a line has no end', async () => {
    expect(await send(await start(), Buffer.alloc(200 * 1024, 'x'))).toBe('');
  });

  test('is cut off when more lines wait than a guard sends', async () => {
    const service = await start();
    const token = service.env[SERVICE_ENVIRONMENT.token];
    const line = JSON.stringify({ token, ask: 'hello', guard: '1', client: 'x' });
    expect(await send(service, `${line}\n`.repeat(100))).toBe('');
  });

  test('is cut off when nothing comes', async () => {
    const service = await start({ idleMs: 20 });
    expect(await text(dial(service))).toBe('');
  });

  test('waits for its turn where very many are open', async () => {
    const service = await start();
    const sockets = Array.from({ length: 64 }, () => dial(service));
    await Promise.all(sockets.map((one) => new Promise((done) => one.once('connect', done))));
    const question = about(tgz());
    const answers = Array.from({ length: 100 }, async () => ask(service, question));
    await new Promise((done) => setImmediate(done));
    expect(service.inspected).toBe(0);
    for (const socket of sockets) socket.destroy();
    expect(await Promise.all(answers)).toEqual(answers.map(() => ({ status: 'accept' })));
    expect(service.inspected).toBe(100);
  });
});
