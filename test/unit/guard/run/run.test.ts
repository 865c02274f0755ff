/** A manager is run and held to its guard. Here it is a small program of Node. */
import { existsSync, fstatSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { EXIT, NPM_STATUS, PNPM_STATUS, runGuarded } from '@tarwarden/guard/run';
import { freshFolder } from '../../../support/fresh-folder.ts';

const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const;

/** Says that the guard was loaded, as a guard does. */
const ARMED = `
  const fs = require('node:fs');
  const say = (event) =>
    fs.appendFileSync(process.env.TARWARDEN_NPM_STATUS, JSON.stringify(event) + '\\n');
  say({ event: 'armed', nonce: process.env.TARWARDEN_NPM_NONCE });
`;
const BLOCKED = `${ARMED} say({ event: 'blocked', subject: 'bad@1.0.0' });`;
/** Ends by itself some time, so that a test that fails leaves nothing running. */
const WAITING = `${ARMED} setTimeout(() => {}, 10_000); fs.writeFileSync(process.env.READY, '');`;

let root: string;
let temporary: string;
let written: string[];
freshFolder((made) => {
  root = made;
  temporary = mkdtempSync(join(root, 'tmp-'));
  for (const name of ['TMPDIR', 'TMP', 'TEMP']) vi.stubEnv(name, temporary);
  written = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
});

const run = (script: string, more: Partial<Parameters<typeof runGuarded>[0]> = {}) =>
  runGuarded({
    manager: 'npm',
    command: { file: process.execPath, args: ['-e', script, '--', 'first'] },
    args: [],
    env: { ...process.env, READY: join(root, 'ready'), OUT: join(root, 'out') },
    channel: NPM_STATUS,
    demandGuard: true,
    ...more,
  });

describe('runGuarded', () => {
  test('gives the manager its arguments after those of the command, and its environment', async () => {
    const script = `${ARMED} fs.writeFileSync(process.env.OUT, JSON.stringify([process.argv.slice(1), process.env.TARWARDEN_NPM_STATUS]));`;
    expect(await run(script, { args: ['install', '-g'] })).toBe(0);
    const [words, file] = JSON.parse(readFileSync(join(root, 'out'), 'utf8')) as [string[], string];
    expect(words).toEqual(['first', 'install', '-g']);
    expect(file.startsWith(join(temporary, 'tarwarden-run-'))).toBe(true);
    expect(readdirSync(temporary)).toEqual([]);
    expect(written).toEqual([]);
  });

  test('gives the manager our own standard streams', async () => {
    const script = `${ARMED} fs.writeFileSync(process.env.OUT, [0, 1, 2].map((one) => fs.fstatSync(one).ino).join());`;
    await run(script);
    const ours = [0, 1, 2].map((one) => fstatSync(one).ino).join();
    expect(readFileSync(join(root, 'out'), 'utf8')).toBe(ours);
  });

  test('has a nonce of its own for each run', async () => {
    const script = `${ARMED} fs.appendFileSync(process.env.OUT, process.env.TARWARDEN_NPM_NONCE + '\\n');`;
    await run(script);
    await run(script);
    const [one, other] = readFileSync(join(root, 'out'), 'utf8').split('\n');
    expect(one).toMatch(/^[\w-]{36}$/);
    expect(other).toMatch(/^[\w-]{36}$/);
    expect(other).not.toBe(one);
  });

  test.each([0, 1, 7])('passes on the exit code %d', async (code) => {
    expect(await run(`${ARMED} process.exit(${code});`)).toBe(code);
    expect(written).toEqual([]);
  });

  test('fails where the manager forgot a refusal, and says so', async () => {
    expect(await run(BLOCKED)).toBe(EXIT.BLOCKED);
    expect(written).toEqual([
      'tarwarden: npm reported success, but a package was refused, in it or in another npm that it started.\n',
    ]);
  });

  test('fails where the guard was never loaded, by the channel of this manager', async () => {
    const message = 'npm never loaded the guard; treat what it installed as UNCHECKED.';
    expect(await run('')).toBe(EXIT.UNCHECKED);
    const other = ARMED.replaceAll('TARWARDEN_NPM', 'TARWARDEN_PNPM');
    expect(await run(other, { channel: PNPM_STATUS })).toBe(0);
    expect(written).toEqual([`tarwarden: ${message}\n`]);
  });

  test('needs no guard where the command installs nothing', async () => {
    expect(await run('', { demandGuard: false })).toBe(0);
    expect(written).toEqual([]);
  });

  test('says that a program could not be started', async () => {
    const file = join(root, 'no-npm');
    const listening = SIGNALS.map((signal) => process.listeners(signal));
    expect(await run('', { command: { file, args: [] } })).toBe(EXIT.NOT_FOUND);
    expect(written).toEqual([`tarwarden: ${file} could not be started: spawn ${file} ENOENT\n`]);
    expect(readdirSync(temporary)).toEqual([]);
    expect(SIGNALS.map((signal) => process.listeners(signal))).toEqual(listening);
  });
});

describe.skipIf(process.platform === 'win32')('signals', () => {
  /** What a run listens to. Signals are not raised: the test's own process would get them. */
  async function waiting(script = WAITING) {
    const before = new Map(SIGNALS.map((signal) => [signal, process.listeners(signal)]));
    const code = run(script);
    const ready = vi.waitFor(() => expect(existsSync(join(root, 'ready'))).toBe(true), 20_000);
    const ended = code.then(() => Promise.reject(new Error('ended before it was ready')));
    await Promise.race([ready, ended]);
    const raise = (signal: (typeof SIGNALS)[number]): void => {
      for (const listener of process.listeners(signal))
        if (!before.get(signal)?.includes(listener)) listener(signal);
    };
    const left = () =>
      SIGNALS.flatMap((signal) =>
        process.listeners(signal).filter((one) => !before.get(signal)?.includes(one)),
      );
    return { code, raise, left };
  }

  test('that end the manager give 128 and their number', async () => {
    expect(await run(`${ARMED} process.kill(process.pid, 'SIGKILL');`)).toBe(137);
  });

  test.each(SIGNALS)('that come to us are sent on: %s', async (signal) => {
    const { code, raise, left } = await waiting();
    expect(left()).toHaveLength(SIGNALS.length);
    raise(signal);
    expect(await code).toBe(128 + constants.signals[signal]);
    expect(left()).toEqual([]);
  });

  /** Sees SIGINT and SIGQUIT before SIGTERM: of signals that wait, the system delivers those of lower numbers first. */
  const HANDLING = `
    for (const name of ['SIGINT', 'SIGQUIT']) process.on(name, () => process.exit(9));
    process.on('SIGTERM', () => process.exit(5));
    ${WAITING}
  `;

  test('that the manager handles leave it its own exit code', async () => {
    const { code, raise } = await waiting(HANDLING);
    raise('SIGQUIT');
    expect(await code).toBe(9);
  });

  test('that a terminal sends to the manager, too, are not sent on', async () => {
    const { isTTY } = process.stdin;
    process.stdin.isTTY = true;
    try {
      const { code, raise } = await waiting(HANDLING);
      for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTERM'] as const) raise(signal);
      expect(await code).toBe(5);
    } finally {
      process.stdin.isTTY = isTTY;
    }
  });
});
