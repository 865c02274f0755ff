/* Two machines and one store: what one has inspected and signed, the other does not inspect. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { available, type ManagerName, type Result } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { hostile } from '../policy/world.ts';
import { linesOf, type Line } from '../report/support.ts';
import { believe, makeSigner, serve, tarwarden, type Signing, type Store } from './support.ts';

const full = process.env['TARWARDEN_E2E_FULL'] === '1';
const managers = (
  [
    'npm-10',
    'npm-11',
    'npm-12',
    'pnpm-10',
    'pnpm-11',
    'pnpm-12',
    'yarn-3',
    'yarn-4',
    'yarn-1',
    'bun',
  ] as const
)
  .filter((name) => available(name).ok)
  // Those whose ways of asking differ; all with TARWARDEN_E2E_FULL=1.
  .filter((name) => full || !/^(?:npm-1[12]|pnpm-11|yarn-3)$/.test(name));
const CLEAN = ['clean', 'neat', 'tidy'];

let registry: Registry;
let signing: Signing;
let store: Store;
let pushed: Result;
beforeAll(async () => {
  registry = await startRegistry();
  for (const name of CLEAN) registry.publish({ name });
  registry.publish({ name: 'evil', tgz: hostile });
  signing = await makeSigner(registry);
  believe(signing.sandbox, { keys: [signing.pin] });
  store = await serve(signing);
  await lock(signing.sandbox, [...CLEAN, 'evil']);
  const push = ['verdicts', 'push', '--key', signing.keyFile, '--url', store.url];
  pushed = await tarwarden(signing.sandbox, push);
});
afterAll(async () => {
  await store.close();
  await registry.close();
  signing.sandbox.dispose();
});

/** Has npm write a lockfile, and install nothing. */
async function lock(sandbox: Sandbox, names: readonly string[]): Promise<void> {
  manifest(sandbox, names);
  const args = ['npm', 'install', '--package-lock-only', '--ignore-scripts', '--no-audit'];
  expect(await tarwarden(sandbox, args)).toMatchObject({ code: 0 });
}

function manifest(sandbox: Sandbox, names: readonly string[]): void {
  const dependencies = Object.fromEntries(names.map((name) => [name, '1.0.0']));
  sandbox.write({ 'package.json': { name: 'project', version: '1.0.0', dependencies } });
}

let runner: Sandbox;
beforeEach(() => {
  runner = makeSandbox({ registry: registry.url });
  return () => runner.dispose();
});

interface Installed {
  readonly code: number | null;
  readonly stderr: string;
  readonly tarballs: readonly Line[];
}

async function install(manager: ManagerName, names: readonly string[]): Promise<Installed> {
  manifest(runner, names);
  if (manager === 'yarn-3' || manager === 'yarn-4')
    runner.write({ '.yarnrc.yml': 'nodeLinker: node-modules\n', 'yarn.lock': '' });
  const report = join(runner.root, 'report.ndjson');
  rmSync(report, { force: true });
  const [command = ''] = manager.split('-');
  const { code, stderr } = await tarwarden(runner, [command, 'install'], {
    manager,
    env: { TARWARDEN_REPORT: report },
  });
  const lines = linesOf(report).filter(
    ({ type, format }) => type === 'archive' && format === 'npm',
  );
  return { code, stderr, tarballs: lines };
}

const linesIn = (file: string): string[] => readFileSync(file, 'utf8').trim().split('\n');
const landed = (name: string): boolean => existsSync(join(runner.project, 'node_modules', name));

test('what lockfiles name is inspected, signed and stored, rejections as well', () => {
  expect(pushed).toMatchObject({
    code: 1,
    stdout: '4 verdicts signed, of which 1 reject; 0 not signed\n',
  });
});

test('tree digests are signed, replace verdicts without them in the store, and are pulled', async () => {
  const trees = makeSandbox({ registry: registry.url });
  try {
    believe(trees, { url: store.url, keys: [signing.pin] });
    await lock(trees, CLEAN);
    const pull = async (...more: string[]): Promise<string> =>
      (await tarwarden(trees, ['verdicts', 'pull', ...more])).stdout;
    const known = (count: number, signed: number): string =>
      `3 packages: ${count} known here, ${signed} signed by others, ${3 - count - signed} to be inspected\n`;
    expect(await pull()).toBe(known(0, 3));
    expect(await pull('--trees')).toBe(known(0, 0));
    const push = ['verdicts', 'push', '--trees', '--key', signing.keyFile, '--url', store.url];
    expect((await tarwarden(signing.sandbox, push)).stdout).toMatch(/^4 verdicts signed/);
    expect(await pull('--trees')).toBe(known(0, 3));
    expect(await pull('--trees')).toBe(known(3, 0));
    expect(await pull()).toBe(known(3, 0));
  } finally {
    trees.dispose();
  }
});

describe.each(managers)('%s', (manager) => {
  test('inspects no tarball that was signed, and installs it', async () => {
    believe(runner, { url: store.url, keys: [signing.pin] });
    const { code, tarballs } = await install(manager, CLEAN);
    expect(code).toBe(0);
    expect(CLEAN.every(landed)).toBe(true);
    expect(new Set(tarballs.map((one) => one.package))).toEqual(
      new Set(CLEAN.map((name) => `${name}@1.0.0`)),
    );
    expect(tarballs.map((one) => one.remembered)).toEqual(tarballs.map(() => true));
  });

  test('refuses what is signed as rejected', async () => {
    believe(runner, { url: store.url, keys: [signing.pin] });
    const { code, tarballs } = await install(manager, ['evil']);
    expect(code).not.toBe(0);
    expect(landed('evil')).toBe(false);
    expect(tarballs[0]).toMatchObject({ status: 'reject', remembered: true, refused: true });
  });

  test('inspects all by itself where no key is pinned', async () => {
    const { code, tarballs } = await install(manager, CLEAN);
    expect(code).toBe(0);
    expect(tarballs.some((one) => one.remembered === false)).toBe(true);
  });
});

describe('a store that cannot be used', () => {
  let server: Server;
  const answering = async (listener: RequestListener): Promise<string> => {
    server = createServer(listener);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };

  test.each<[string, () => Promise<string>]>([
    [
      'down',
      async () => {
        const url = await answering(() => undefined);
        server.close();
        return url;
      },
    ],
    ['slow', () => answering(() => undefined)],
    ['lying', () => answering((_, response) => void response.end('<!doctype html>\n'))],
    ['withholding', () => answering((_, response) => void response.end())],
  ])('%s: installs go on, and inspect', async (how, start) => {
    const url = await start();
    let questions = 0;
    server.on('request', () => (questions += 1));
    believe(runner, { url, keys: [signing.pin] });
    const { code, stderr, tarballs } = await install('npm-10', CLEAN);
    server.close();
    server.closeAllConnections();
    expect(code).toBe(0);
    expect(CLEAN.every(landed)).toBe(true);
    expect(tarballs.map((one) => one.remembered)).toEqual([false, false, false]);
    const gaveUp =
      /tarwarden: the verdict store http:\S+ is not asked any more \(.*\); archives are inspected here/;
    expect(stderr.split('\n').filter((line) => gaveUp.test(line))).toHaveLength(
      how === 'withholding' ? 0 : 1,
    );
    // All that npm is about to fetch goes in one question.
    if (how === 'withholding') expect(questions).toBe(1);
    else expect(questions).toBeLessThanOrEqual(2);
  });
});

describe('what a repository says', () => {
  test('of keys is an error, and nothing is installed', async () => {
    runner.write({ 'tarwarden.json': { verdicts: { url: store.url, keys: [signing.pin] } } });
    const { code, stderr } = await install('npm-10', CLEAN);
    expect(code).not.toBe(0);
    expect(stderr).toContain('verdicts may not be in a repository');
    expect(CLEAN.some(landed)).toBe(false);
  });
});

describe('sets', () => {
  test('are exported in equal bytes, and imported where a key is pinned', async () => {
    const files = ['one.ndjson', 'two.ndjson'].map((name) => join(signing.sandbox.root, name));
    for (const file of files) {
      const args = ['verdicts', 'export', '--key', signing.keyFile, '--out', file, '--json'];
      const { code, stdout } = await tarwarden(signing.sandbox, args);
      expect(code).toBe(1);
      expect(JSON.parse(stdout)).toEqual({ schema: 1, signed: 4, rejected: 1, unsigned: [] });
    }
    const [one, two] = files.map((file) => linesIn(file));
    expect(one).toEqual(two);
    expect(one).toHaveLength(4);
    expect(await tarwarden(runner, ['verdicts', 'import', files[0]!])).toMatchObject({ code: 2 });
    believe(runner, { keys: [signing.pin] });
    expect(await tarwarden(runner, ['verdicts', 'import', files[0]!])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(
        '4 verdicts taken, 0 for other rules or another policy, 0 not',
      ) as unknown,
    });
    const again = await tarwarden(runner, ['verdicts', 'import', '--json', files[0]!]);
    expect(JSON.parse(again.stdout)).toEqual({
      schema: 1,
      files: [{ path: files[0], taken: 4, others: 0, unsigned: 0 }],
    });
    const { code, tarballs } = await install('npm-10', CLEAN);
    expect([code, tarballs.every((line) => line.remembered)]).toEqual([0, true]);
  });

  test('are pulled by a lockfile before an install', async () => {
    believe(runner, { url: store.url, keys: [signing.pin] });
    await lock(runner, CLEAN);
    expect(await tarwarden(runner, ['verdicts', 'pull'])).toMatchObject({
      code: 0,
      stdout: '3 packages: 0 known here, 3 signed by others, 0 to be inspected\n',
    });
    // What was pulled is enough: the store is not asked again.
    believe(runner, { keys: [signing.pin] });
    expect((await install('npm-10', CLEAN)).tarballs.every((one) => one.remembered)).toBe(true);
    // And is forgotten with whoever signed it.
    believe(runner, { keys: [{ ...signing.pin, notAfter: '2026-01-01' }] });
    rmSync(join(runner.project, 'node_modules'), { recursive: true });
    expect((await install('npm-10', CLEAN)).tarballs.some((one) => one.remembered)).toBe(false);
  });

  test('of summaries are for no store', async () => {
    const push = ['verdicts', 'push', '--key', signing.keyFile, '--summaries', 'urn:x:ci'];
    expect(await tarwarden(signing.sandbox, push)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--summaries is for export') as unknown,
    });
  });

  test('leave out a verdict that is too long, and sign the others', async () => {
    const version = `1.0.0-${'x'.repeat(900_000)}`;
    registry.publish({ name: 'vast', tgz: tgz({ name: 'vast', manifest: { version } }) });
    const { sandbox, keyFile } = signing;
    await lock(sandbox, [...CLEAN, 'vast']);
    const push = ['verdicts', 'push', '--key', keyFile, '--url', store.url];
    expect(await tarwarden(sandbox, push)).toMatchObject({
      code: 2,
      stdout: '3 verdicts signed, of which 0 reject; 1 not signed\n',
      stderr: expect.stringContaining(
        'not signed: vast 1.0.0: the verdict takes more than 1048576 bytes',
      ) as unknown,
    });
  });
});
