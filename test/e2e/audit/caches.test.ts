/** `tarwarden audit --cache`: caches that were filled, and changed, before there was a guard. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { symlink } from '../../support/attacks/links.ts';
import { freshAll } from '../../support/fresh-each.ts';
import { available, run, type ManagerName } from '../../support/managers.ts';
import { startRegistry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { audited } from './audited.ts';

const registry = freshAll(() =>
  startRegistry({
    packages: [
      { name: 'a' },
      { name: '@scope/b' },
      { name: 'evil', tgz: symlink.build({ name: 'evil', version: '1.0.0' }) },
    ],
  }),
);
let sandbox: Sandbox;

afterEach(() => sandbox.dispose());

const ARGS: Partial<Record<ManagerName, string[]>> = {
  'yarn-3': ['install', '--mode=skip-build'],
  'yarn-4': ['install', '--mode=skip-build'],
};

async function filled(manager: ManagerName, ...names: string[]): Promise<void> {
  const dependencies = Object.fromEntries(names.map((name) => [name, '1.0.0']));
  sandbox = makeSandbox({
    registry: registry.url,
    project: { 'package.json': { name: 'app', version: '1.0.0', dependencies } },
  });
  const args = ARGS[manager] ?? ['install', '--ignore-scripts'];
  const installed = await run(manager, args, { sandbox, env: { CI: undefined } });
  expect(installed).toMatchObject({ code: 0 });
}

/** Files of the caches, by the end of their paths. */
function find(folder: string, end: string | RegExp): string {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const found = all.find((path) => (typeof end === 'string' ? path.endsWith(end) : end.test(path)));
  if (found === undefined) throw new RangeError(`nothing in ${folder} ends with ${String(end)}`);
  return join(folder, found);
}

const skipped = (manager: ManagerName): boolean => !available(manager).ok;

describe.each<ManagerName>(['npm-10', 'yarn-1', 'yarn-3', 'yarn-4', 'pnpm-10', 'bun'])(
  '%s',
  (manager) => {
    it.skipIf(skipped(manager))('is silent about a clean cache', async () => {
      await filled(manager, 'a', '@scope/b');
      const found = await audited(sandbox, '--cache');
      const { code, packages } = found;
      expect(found.with('reject', 'error')).toEqual([]);
      expect(
        packages.flatMap(({ checks }) => checks.filter(({ level }) => level !== 'note')),
      ).toEqual([]);
      expect(new Set(found.with('accept').map((name) => name.replace(/@[^@]*$/, '')))).toEqual(
        new Set(['a', '@scope/b']),
      );
      expect(code).toBe(0);
    });

    it.skipIf(skipped(manager))('has a hostile archive that is in the cache named', async () => {
      await filled(manager, 'a', 'evil');
      const { code, packages } = await audited(sandbox, '--cache');
      const rejected = packages.filter(({ status }) => status === 'reject');
      expect(rejected.map((one) => one.package?.name)).toEqual(['evil']);
      expect(JSON.stringify(rejected[0])).toMatch(/symlink|link/);
      expect(code).toBe(1);
    });
  },
);

describe('what was changed in a cache', () => {
  const poisoned = async (): Promise<string> => {
    const { code, packages } = await audited(sandbox, '--cache');
    const rejected = packages.filter(({ status }) => status === 'reject');
    expect(rejected).toHaveLength(1);
    expect(code).toBe(1);
    const checks = rejected[0]?.checks.filter(({ level }) => level === 'error') ?? [];
    expect(checks.map(({ id }) => id)).toEqual(['cache-mismatch']);
    return checks[0]?.message ?? '';
  };

  it('is found in the cache of Yarn 1', async () => {
    await filled('yarn-1', 'a', '@scope/b');
    const file = find(sandbox.env['XDG_CACHE_HOME']!, /npm-a-.*a\/index\.js$/);
    writeFileSync(file, 'stolen()');
    writeFileSync(join(dirname(file), 'more.js'), '');
    symlinkSync('/etc/passwd', join(dirname(file), 'link'));
    expect(await poisoned()).toMatch(/changed "index.js"; added "more.js"; links "link"/);
  });

  it('is found in the store of pnpm 10: in a file', async () => {
    await filled('pnpm-10', 'a');
    const index = find(sandbox.pnpmStore, /index.*-a@1\.0\.0\.json$/);
    const { files } = JSON.parse(readFileSync(index, 'utf8')) as {
      files: Record<string, { integrity: string }>;
    };
    const hex = Buffer.from(files['index.js']!.integrity.slice(7), 'base64').toString('hex');
    writeFileSync(find(sandbox.pnpmStore, `${hex.slice(0, 2)}/${hex.slice(2)}`), 'stolen()');
    expect(await poisoned()).toMatch(/a file of pnpm’s store .* changed "index.js"/);
  });

  it('is found in the store of pnpm 10: in the index', async () => {
    await filled('pnpm-10', 'a');
    const index = find(sandbox.pnpmStore, /index.*-a@1\.0\.0\.json$/);
    const text = readFileSync(index, 'utf8').replace('"index.js"', '"../../index.js"');
    writeFileSync(index, text);
    expect(await poisoned()).toMatch(
      /index of pnpm’s store .* missing "index.js"; added "\.\.\/\.\.\/index.js"/,
    );
  });

  it('is a warning in the store of pnpm 10 where build scripts made it', async () => {
    await filled('pnpm-10', 'a');
    const index = find(sandbox.pnpmStore, /index.*-a@1\.0\.0\.json$/);
    const read = JSON.parse(readFileSync(index, 'utf8')) as object;
    writeFileSync(index, JSON.stringify({ ...read, sideEffects: { linux: { added: {} } } }));
    const { code, packages } = await audited(sandbox, '--cache');
    const checks = packages.flatMap((one) => one.checks);
    expect(checks).toMatchObject([{ id: 'cache-mismatch', level: 'warning' }]);
    expect(checks[0]?.message).toContain('what build scripts made of it');
    expect(code).toBe(0);
  });

  it('is not looked for in what projects use right out of pnpm’s store, which is said', async () => {
    await filled('pnpm-10', 'a');
    mkdirSync(join(sandbox.pnpmStore, 'v10/links/a'), { recursive: true });
    const { code, packages } = await audited(sandbox, '--cache');
    expect(packages.map(({ error }) => error?.message)).toContainEqual(
      expect.stringContaining('the global virtual store'),
    );
    expect(code).toBe(2);
  });

  it.skipIf(skipped('bun'))('is found in the cache of bun', async () => {
    await filled('bun', 'a', '@scope/b');
    writeFileSync(find(sandbox.root, /@scope\/b@.*index\.js$/), 'stolen()');
    expect(await poisoned()).toMatch(/what bun unpacked .* changed "index.js"/);
  });

  it('is found in the zips of Yarn 4', async () => {
    await filled('yarn-4', 'a');
    const zip = find(sandbox.yarnGlobal, '.zip');
    writeFileSync(zip, 'no zip');
    const { code } = await audited(sandbox, '--cache');
    expect(code).toBe(1);
  });
});

it('no cache at all is not clean', async () => {
  sandbox = makeSandbox({ registry: registry.url });
  const { code, stderr } = await audited(sandbox, '--cache');
  expect(stderr).toContain('no cache of npm, Yarn, pnpm, bun, go or RubyGems was found');
  expect(code).toBe(2);
  expect((await audited(sandbox, '--cache', '.')).code).toBe(2);
});
