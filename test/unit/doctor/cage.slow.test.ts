/** What a program in the cage reaches of the machine: with a witness that it tried. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cageFor } from '../../../packages/doctor/src/probe/cage.ts';
import { probe } from '../../../packages/doctor/src/probe/probe.ts';
import { subjectsFor } from '../../../packages/doctor/src/probe/subjects.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { NAIVE_TAR } from './naive-tar.ts';

const path = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((one) => one.startsWith('/'))
  .join(delimiter);

let folder: string;
let inner: string;
let servers: Server[];
freshFolder((made) => {
  folder = made;
  inner = join(folder, 'inner');
  mkdirSync(inner);
  servers = [];
});
afterEach(async () => {
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
});

/** Connections that came to a socket. */
async function listen(address: string): Promise<() => number> {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.destroy();
  });
  servers.push(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  return () => count;
}

/** Writes to the file what became of an attempt to connect. */
const knock = (address: string, file: string): string => `
  require('node:fs').writeFileSync(${JSON.stringify(file)}, 'tried');
  const socket = require('node:net').connect(${JSON.stringify(address)});
  const end = (text) => { require('node:fs').writeFileSync(${JSON.stringify(file)}, text); process.exit(); };
  socket.on('connect', () => end('connected'));
  socket.on('error', (error) => end(error.code));
`;

const confines = process.platform === 'linux' && (await cageFor('/tmp')).confined;

async function attempt(address: string, needed: readonly string[] = []): Promise<string> {
  const cage = await cageFor(inner, needed);
  const file = join(inner, 'witness');
  await cage.run([process.execPath, '--eval', knock(address, file)], {
    cwd: inner,
    env: { PATH: path },
  });
  return readFileSync(file, 'utf8');
}

describe.skipIf(!confines)('a program in the cage', () => {
  it('finds no socket in the folders where programs meet', async () => {
    const address = join(folder, 'a.sock');
    const count = await listen(address);
    expect(await attempt(address)).toMatch(/^(?:EACCES|ENOENT)$/);
    expect(count()).toBe(0);
  });

  it('opens no socket to one that it sees', async () => {
    const address = join(folder, 'a.sock');
    const count = await listen(address);
    expect(await attempt(address, [folder])).toBe('EACCES');
    expect(count()).toBe(0);
  });

  it('opens none to an abstract one', async () => {
    const count = await listen('\0tarwarden-cage-test');
    expect(await attempt('\0tarwarden-cage-test')).toBe('EACCES');
    expect(count()).toBe(0);
  });

  it('sees nothing of what lies there, unless it is read from there', async () => {
    writeFileSync(join(folder, 'seen.txt'), '');
    const look = async (needed: readonly string[]): Promise<number | undefined> =>
      (await cageFor(inner, needed)).run(['/usr/bin/test', '-e', join(folder, 'seen.txt')], {
        cwd: inner,
        env: {},
      });
    expect(await look([])).toBe(1);
    expect(await look([folder])).toBe(0);
  });

  it('cannot make everything writable again', async () => {
    const cage = await cageFor(inner);
    const script = `cat /proc/self/status > '${inner}/status'; mount -o remount,rw,bind /`;
    const code = await cage.run(['/bin/sh', '-c', script], { cwd: inner, env: { PATH: path } });
    expect(code).not.toBe(0);
    expect(readFileSync(join(inner, 'status'), 'utf8')).toMatch(/^CapEff:\t0+$/m);
  });

  it('cannot change a setting of the kernel, not even to what it is', async () => {
    const setting = '/proc/sys/kernel/core_pattern';
    const script = `echo tried > witness; cat ${setting} > was && cat was > ${setting}`;
    const cage = await cageFor(inner);
    const code = await cage.run(['/bin/sh', '-c', script], { cwd: inner, env: { PATH: path } });
    expect(readFileSync(join(inner, 'was'), 'utf8')).not.toBe('');
    expect(code).not.toBe(0);
  });

  it('writes only to the folder of its own run', async () => {
    const mine = join(inner, 'mine');
    const other = join(inner, 'other');
    mkdirSync(mine);
    mkdirSync(other);
    const cage = await cageFor(inner);
    const run = async (file: string): Promise<number | undefined> =>
      cage.run(['/bin/sh', '-c', `echo x > '${file}'`], { cwd: mine, env: {}, root: mine });
    expect(await run(join(mine, 'a'))).toBe(0);
    expect(await run(join(other, 'a'))).not.toBe(0);
    expect(existsSync(join(other, 'a'))).toBe(false);
  });

  it('starts programs of its own, with pipes to them', async () => {
    const cage = await cageFor(inner);
    const code = `
      const { execFileSync, fork } = require('node:child_process');
      if (process.send) process.send('here');
      else fork(${JSON.stringify(join(inner, 'a.js'))}).on('message', (text) =>
        require('node:fs').writeFileSync('said', text + String(execFileSync('/bin/echo', ['x']))));
    `;
    writeFileSync(join(inner, 'a.js'), code);
    const node = [process.execPath, join(inner, 'a.js')] as const;
    expect(await cage.run(node, { cwd: inner, env: { PATH: path } })).toBe(0);
    expect(readFileSync(join(inner, 'said'), 'utf8')).toBe('herex\n');
  });
});

describe.skipIf(!confines)('a library that is tried', () => {
  it('cannot talk to a socket of the machine, though it tries', async () => {
    const address = join(folder, 'a.sock');
    const count = await listen(address);
    const place = join(folder, 'project/node_modules/tar');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), '{"name":"tar","version":"99.0.0"}');
    // The witness: a name that the probe reports as having left the folder, by what became of the attempt.
    const witness = `
      const attempt = new Promise((resolve) => {
        const socket = require('node:net').connect(${JSON.stringify(address)});
        socket.on('connect', () => resolve('connected'));
        socket.on('error', ({ code }) => resolve(code));
      });
      const whole = exports.x;
      exports.x = async (options) => {
        if ((await attempt) === 'EACCES') await whole(options);
      };
    `;
    writeFileSync(join(place, 'index.js'), `${NAIVE_TAR}\n${witness}`);
    const subjects = subjectsFor([], [join(folder, 'project')]);
    const { results, confined } = await probe({ subjects, folder: inner, path });
    expect(confined).toBe(true);
    // It unpacks only once it was turned away.
    expect(results).toMatchObject([{ title: 'tar 99.0.0', tried: true, kept: 0 }]);
    expect(count()).toBe(0);
  });

  it('would be heard there without the cage', async () => {
    const address = join(folder, 'a.sock');
    const count = await listen(address);
    execFileSync(process.execPath, ['--eval', knock(address, join(inner, 'witness'))]);
    await expect.poll(count).toBe(1);
  });
});
