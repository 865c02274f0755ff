/** A store that somebody else could write to: nothing is linked from it that is not what the archives of the lockfile have. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { available, pnpms } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import {
  addContent,
  changeBuild,
  changeEntries,
  changeInPlace,
  changeSecretly,
  makeExecutable,
  versionFolder,
  type Change,
} from '../../support/pnpm-store.ts';
import { tree } from '../../support/sandbox.ts';
import { closeBench, FROZEN, printed, type Bench } from './guarded.ts';
import { lockfile, makeWrapped, plain, wrapped, type Options } from './wrapped.ts';

const EVIL = 'module.exports = "evil";\n';
/** Each package is poisoned in its own way, and all are in one store. */
const WAYS = {
  exchanged: 'list of files differs: "index.js" has another content',
  added: 'list of files differs: "binding.gyp" was added',
  mode: 'list of files differs: "index.js" has another executable bit',
  kept: 'the file "index.js" has another content',
  matching: 'the file "index.js" has another content',
  rights: 'the file "index.js" has another executable bit',
  manifest: 'the index has another ',
  build: 'it has files that a build script made, and the package has no build script',
  alias: 'list of files differs: "index.js" has another content',
} as const;
type Way = keyof typeof WAYS;
const ways = Object.keys(WAYS) as Way[];
const source = (way: Way): string => `module.exports = "${way.padEnd(9)}";\n`;

describe.each(pnpms.filter((name) => available(name).ok))('%s', (name) => {
  let bench: Bench;
  /** Copies of the store: as the guard filled it, and poisoned. */
  const stores = { clean: '', poisoned: '' };
  const run = (args: readonly string[], options?: Options) => wrapped(bench, args, options);
  const own = ways.filter((way) => way !== 'alias' || name === 'pnpm-12');

  beforeAll(async () => {
    bench = await makeWrapped(name);
    const { sandbox, registry } = bench;
    sandbox.npmrc('fetch-retries=0');
    for (const way of own)
      registry.publish({ name: way, tgz: tgz({ name: way, files: { 'index.js': source(way) } }) });
    sandbox.write({
      'package.json': {
        name: 'project',
        private: true,
        dependencies: Object.fromEntries(own.map((way) => [way, '1.0.0'])),
      },
    });
    const first = await run(['install']);
    if (first.code !== 0) throw new Error(printed(first));
    stores.clean = join(sandbox.root, 'clean');
    stores.poisoned = join(sandbox.root, 'poisoned');
    cpSync(sandbox.pnpmStore, stores.clean, { recursive: true, preserveTimestamps: true });
  });
  afterAll(() => closeBench(bench));

  /** Puts a store where pnpm looks, with new files, and removes what is installed. */
  function restore(store: string): void {
    const { pnpmStore, project } = bench.sandbox;
    rmSync(pnpmStore, { recursive: true });
    rmSync(join(project, 'node_modules'), { recursive: true, force: true });
    cpSync(store, pnpmStore, { recursive: true, preserveTimestamps: true });
  }

  function poison(): void {
    const folder = versionFolder(bench.sandbox.pnpmStore);
    const evil = addContent(folder, EVIL);
    const command = addContent(folder, source('mode'), 0o755);
    const key = `${process.platform};${process.arch}`;
    const changes: Record<Way, Change> = {
      exchanged: { files: { 'index.js': evil } },
      added: { files: { 'binding.gyp': evil } },
      mode: { files: { 'index.js': command } },
      kept: {},
      matching: { files: { 'index.js': { checkedAt: 4e12 } } },
      rights: {},
      manifest: {
        manifest: name === 'pnpm-10' ? { name: 'other' } : { bin: { evil: 'index.js' } },
      },
      build: { sideEffects: { key, added: { 'index.js': evil } } },
      alias: { files: { 'index.js': evil }, aliasTo: 'sha512-other\talias@1.0.0' },
    };
    const used = own.map((way) => [`${way}@1.0.0`, changes[way]]);
    // A program that is ended leaves the rows in the write-ahead log.
    changeEntries(folder, Object.fromEntries(used), { keepsLog: name === 'pnpm-12' });
    changeInPlace(folder, source('kept'), source('kept').replace('kept     ', 'evil     '));
    changeInPlace(folder, source('matching'), source('matching').replace('matching ', 'evil     '));
    makeExecutable(folder, source('rights'));
  }

  /** Without the list of projects, whose links pnpm writes anew. */
  const entries = (): string[] =>
    tree(bench.sandbox.pnpmStore).filter((line) => !line.includes('projects'));
  /** The notes of the guard about whole installs. */
  const notes = (): string[] => {
    const verdicts = join(bench.sandbox.env['XDG_CACHE_HOME']!, 'tarwarden/verdicts');
    return tree(verdicts).filter((line) => line.includes('.note'));
  };
  const installed = (): string[] =>
    tree(bench.sandbox.project).filter((line) => line.includes('index.js'));

  test('installs from the store that it filled, also offline, and from a copy of it', async () => {
    rmSync(join(bench.sandbox.project, 'node_modules'), { recursive: true });
    expect(await run([...FROZEN, '--offline'])).toMatchObject({ code: 0 });
    restore(stores.clean);
    expect(await run([...FROZEN, '--offline'])).toMatchObject({ code: 0 });
    expect(bench.registry.downloads()).toHaveLength(own.length);
  });

  test.each<[string, RegExp, (folder: string) => void]>([
    [
      'a file that is changed in place',
      /refused kept@1.0.0/,
      (folder) => changeInPlace(folder, source('kept'), source('kept').replace('kept ', 'evil ')),
    ],
    [
      'a file that is changed in place, with all its times',
      /refused matching@1.0.0/,
      (folder) =>
        changeSecretly(folder, source('matching'), EVIL.padEnd(source('matching').length)),
    ],
    [
      'a row that is changed',
      /refused exchanged@1.0.0/,
      (folder) => {
        const files = { 'index.js': addContent(folder, EVIL) };
        changeEntries(folder, { 'exchanged@1.0.0': { files } });
      },
    ],
    [
      'a row that is changed in the log',
      /refused exchanged@1.0.0/,
      (folder) => {
        const files = { 'index.js': addContent(folder, EVIL) };
        changeEntries(folder, { 'exchanged@1.0.0': { files } }, { keepsLog: true });
      },
    ],
  ])('refuses %s, in a store that it knows', async (_change, refusal, change) => {
    restore(stores.clean);
    const noted: string[][] = [];
    for (const _round of [1, 2]) {
      expect(await run([...FROZEN])).toMatchObject({ code: 0 });
      rmSync(join(bench.sandbox.project, 'node_modules'), { recursive: true });
      noted.push(notes());
    }
    // The same circumstances have the same note. pnpm 10 has no database, whose pages the guard could recognise.
    expect(noted[0]!.length > 0).toBe(name !== 'pnpm-10');
    expect(noted[1]).toEqual(noted[0]);
    change(versionFolder(bench.sandbox.pnpmStore));
    const result = await run([...FROZEN]);
    expect(result.code).toBe(1);
    expect(printed(result)).toMatch(refusal);
  });

  test('refuses each poisoned package before any is linked', async () => {
    restore(stores.clean);
    poison();
    cpSync(bench.sandbox.pnpmStore, stores.poisoned, { recursive: true, preserveTimestamps: true });
    const before = lockfile(bench);
    const files = entries();
    for (const more of [[], ['--offline']]) {
      // pnpm 12 runs the hook on any Node, also on one without SQLite.
      const node = name === 'pnpm-12' && more.length > 0 ? { node: 'system' as const } : {};
      const result = await run([...FROZEN, ...more], node);
      expect(result.code).toBe(1);
      const text = printed(result);
      for (const way of own) {
        expect(text).toContain(
          `refused ${way}@1.0.0: its copy in pnpm's store differs from its archive`,
        );
        expect(text).toContain(WAYS[way]);
      }
      // pnpm 12 shows a code of its own.
      if (name !== 'pnpm-12') expect(text).toContain('ERR_PNPM_TARWARDEN_STORE_MISMATCH');
      expect(installed()).toEqual([]);
    }
    expect(lockfile(bench)).toBe(before);
    expect(entries()).toEqual(files);
  });

  test('looks for the entry where pnpm does, by the settings and the lockfile of a project', async () => {
    const { pnpmStore, project, root } = bench.sandbox;
    const cwd = join(root, 'unusual');
    restore(stores.clean);
    cpSync(project, cwd, { recursive: true });
    const folder = versionFolder(pnpmStore);
    const good = addContent(folder, source('exchanged'));
    changeEntries(folder, {
      'exchanged@1.0.0': { files: { 'index.js': addContent(folder, EVIL) } },
    });
    if (name === 'pnpm-10') {
      // pnpm 10 removes spaces before an integrity.
      const file = join(cwd, 'pnpm-lock.yaml');
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replaceAll(/(?<=integrity: )([^},]+)/g, "'  $1'"));
    } else {
      // A frozen store is read without the write-ahead log, which has the right row.
      writeFileSync(join(cwd, 'pnpm-workspace.yaml'), 'packages: []\nfrozenStore: true\n');
      const changes = { 'exchanged@1.0.0': { files: { 'index.js': good } } };
      changeEntries(folder, changes, { keepsLog: true });
    }
    const result = await run([...FROZEN, '--offline'], { cwd });
    expect(result.code).toBe(1);
    expect(printed(result)).toContain('refused exchanged@1.0.0: its copy in pnpm');
    expect(await plain(bench, [...FROZEN, '--offline'], { cwd })).toMatchObject({ code: 0 });
    const installed = readFileSync(join(cwd, 'node_modules/exchanged/index.js'), 'utf8');
    expect(installed).toBe(EVIL);
  });

  test('links nothing that a build script made, and runs the script again', async () => {
    const { registry, sandbox } = bench;
    const manifest = { scripts: { postinstall: 'echo made > made.txt' } };
    const bytes = tgz({ name: 'built', manifest });
    registry.publish({
      name: 'built',
      tgz: bytes,
      manifest: { ...manifest, hasInstallScript: true },
    });
    const cwd = join(sandbox.root, 'building');
    sandbox.write(
      {
        'package.json': {
          name: 'building',
          private: true,
          dependencies: { built: '1.0.0' },
          pnpm: { onlyBuiltDependencies: ['built'] },
        },
        'pnpm-workspace.yaml': 'packages: []\nallowBuilds:\n  built: true\n',
      },
      cwd,
    );
    const made = (): string => readFileSync(join(cwd, 'node_modules/built/made.txt'), 'utf8');
    expect(await plain(bench, ['install'], { cwd })).toMatchObject({ code: 0 });
    const folder = versionFolder(sandbox.pnpmStore);
    changeBuild(folder, 'built@1.0.0', 'made.txt', addContent(folder, 'evil\n'));
    rmSync(join(cwd, 'node_modules'), { recursive: true });
    expect(await plain(bench, [...FROZEN], { cwd })).toMatchObject({ code: 0 });
    expect(made()).toBe('evil\n');
    rmSync(join(cwd, 'node_modules'), { recursive: true });
    expect(await run([...FROZEN], { cwd })).toMatchObject({ code: 0 });
    expect(made()).toBe('made\n');
  });

  test('plain pnpm installs what is in the poisoned store', async () => {
    restore(stores.poisoned);
    if (name === 'pnpm-10') return;
    expect(await plain(bench, [...FROZEN, '--offline'])).toMatchObject({ code: 0 });
    const text = (way: Way): string =>
      readFileSync(join(bench.sandbox.project, 'node_modules', way, 'index.js'), 'utf8');
    for (const way of ['exchanged', 'kept', 'matching'] as const)
      expect(text(way)).toContain('evil');
  });
});
