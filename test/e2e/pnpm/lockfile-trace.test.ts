/** The guard is in pnpm, whichever way it is set up, and the lockfile is the one that pnpm alone writes. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { available, pnpmsByHook, repository } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { sri } from '../../support/registry.ts';
import {
  cleanTarball,
  closeBench,
  forget,
  FRESH,
  FROZEN,
  HOOK,
  publish,
  SUBJECT,
  type Bench,
} from './guarded.ts';
import { linked, lockfile, makeWrapped, plain } from './wrapped.ts';

const PLUGIN = 'pnpm-plugin-tarwarden';
const RENOVATE = [
  'install',
  '--lockfile-only',
  '--recursive',
  '--ignore-scripts',
  '--ignore-pnpmfile',
];
const OWN = '{ readPackage: (manifest) => ({ ...manifest, seen: true }) }';
const HOOKS = { '.pnpmfile.cjs': `module.exports = { hooks: ${OWN} }\n` };

const LINE = `module.exports = require(${JSON.stringify(HOOK)})\n`;

const globalFile = ({ sandbox }: Bench): string => join(sandbox.root, 'global.cjs');

function globally(bench: Bench): void {
  const file = globalFile(bench);
  writeFileSync(file, LINE);
  if (bench.pnpm === 'pnpm-10') bench.sandbox.npmrc(`global-pnpmfile=${file}`);
  else bench.sandbox.pnpmConfig(`globalPnpmfile: ${JSON.stringify(file)}`);
}

function inProject({ sandbox }: Bench): void {
  sandbox.write({ '.pnpmfile.cjs': LINE });
}

function plugin(): Buffer {
  const paths = [
    'pnpmfile.cjs',
    'dist/index.cjs',
    'dist/inspect.cjs',
    'dist/fetch.cjs',
    'dist/yaml.cjs',
  ];
  const files = paths.map((path) => [
    path,
    readFileSync(join(repository, 'packages/pnpm-hook', path), 'utf8'),
  ]);
  return tgz({ name: PLUGIN, version: '0.1.0', files: Object.fromEntries(files) });
}

function asConfigDependency({ registry, sandbox }: Bench): void {
  const bytes = plugin();
  registry.publish({ name: PLUGIN, version: '0.1.0', tgz: bytes });
  sandbox.write({
    'pnpm-workspace.yaml': `configDependencies:\n  ${PLUGIN}: 0.1.0+${sri(bytes)}\n`,
  });
}

type SetUp = (bench: Bench) => void;

const SET_UPS: Readonly<Record<string, SetUp>> = {
  'the pnpmfile of the project': inProject,
  'the global pnpmfile': globally,
  both: (bench) => {
    globally(bench);
    inProject(bench);
  },
  'a config dependency': asConfigDependency,
  'a config dependency and the global pnpmfile': (bench) => {
    globally(bench);
    asConfigDependency(bench);
  },
};

describe.each(pnpmsByHook.filter((name) => available(name).ok))('%s', (name) => {
  const bench = freshEach(() => makeWrapped(name), closeBench);

  // pnpm 10 and 11 write it alike.
  const setUps = Object.entries(SET_UPS).filter(
    (_, at) => name === 'pnpm-12' || at % 2 === 0 || process.env['TARWARDEN_E2E_FULL'] === '1',
  );
  describe.each(setUps)('%s', (way, setUp) => {
    test('leaves no trace in the lockfile', async () => {
      publish(bench, cleanTarball());
      if (way.startsWith('a config')) {
        // What brings it in is in the lockfile of pnpm 11 and 12 with or without a guard.
        setUp(bench);
        expect(await plain(bench, RENOVATE)).toMatchObject({ code: 0 });
      } else {
        expect(await plain(bench, FRESH)).toMatchObject({ code: 0 });
        setUp(bench);
      }
      const without = lockfile(bench);
      forget(bench, 'modules');
      expect(await plain(bench, FROZEN)).toMatchObject({ code: 0 });
      expect(linked(bench)).toBe(true);
      expect(lockfile(bench)).toBe(without);
      forget(bench, 'modules', 'lockfile', 'store');
      expect(await plain(bench, FRESH)).toMatchObject({ code: 0 });
      expect(lockfile(bench)).toBe(without);
      if (way !== 'the global pnpmfile') return;
      // A colleague has none.
      writeFileSync(globalFile(bench), 'module.exports = {}\n');
      forget(bench, 'modules');
      expect(await plain(bench, FROZEN)).toMatchObject({ code: 0 });
    });

    test('refuses', async () => {
      publish(bench, attack('symlink').build({ name: SUBJECT }));
      setUp(bench);
      const result = await plain(bench, FRESH);
      expect(result).toMatchObject({ code: 1 });
      expect(result.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
      expect(linked(bench)).toBe(false);
    });
  });

  // pnpm 10 asks for it again after 10 and 60 seconds, whatever the settings say.
  test.skipIf(name === 'pnpm-10' && process.env['TARWARDEN_E2E_FULL'] !== '1')(
    "a config dependency of somebody else's under its name is not taken",
    async () => {
      publish(bench, cleanTarball());
      asConfigDependency(bench);
      bench.sandbox.npmrc('fetch-retries=0');
      bench.sandbox.pnpmConfig('fetchRetries: 0');
      const files = { 'pnpmfile.cjs': 'module.exports = {}\n' };
      const other = tgz({ name: PLUGIN, version: '0.1.0', files });
      bench.registry.publish({ name: PLUGIN, version: '0.1.0', tgz: other });
      const result = await plain(bench, FRESH);
      expect(result.code).not.toBe(0);
      expect(linked(bench)).toBe(false);
    },
  );

  test('the checksum of a pnpmfile with hooks of its own stays', async () => {
    publish(bench, cleanTarball());
    bench.sandbox.write(HOOKS);
    expect(await plain(bench, FRESH)).toMatchObject({ code: 0 });
    const without = lockfile(bench);
    expect(without).toContain('pnpmfileChecksum');
    globally(bench);
    forget(bench, 'modules');
    expect(await plain(bench, FROZEN)).toMatchObject({ code: 0 });
    forget(bench, 'modules', 'lockfile', 'store');
    expect(await plain(bench, FRESH)).toMatchObject({ code: 0 });
    expect(lockfile(bench)).toBe(without);
  });

  test.each([
    ['the global pnpmfile', globally],
    ['a config dependency', asConfigDependency],
  ] as const)('a lockfile for each project has no trace of %s', async (_, setUp) => {
    publish(bench, cleanTarball());
    setUp(bench);
    const settings = join(bench.sandbox.project, 'pnpm-workspace.yaml');
    const before = existsSync(settings) ? readFileSync(settings, 'utf8') : '';
    const project = (name: string): object => ({
      [`${name}/package.json`]: { name, version: '1.0.0', dependencies: { [SUBJECT]: '1.0.0' } },
    });
    bench.sandbox.write({
      'package.json': { name: 'root', version: '1.0.0', private: true },
      'pnpm-workspace.yaml': `packages: [one, two]\nsharedWorkspaceLockfile: false\n${before}`,
      ...project('one'),
      ...project('two'),
    });
    const lockfiles = (): string[] =>
      ['one', 'two'].map((folder) =>
        readFileSync(join(bench.sandbox.project, folder, 'pnpm-lock.yaml'), 'utf8'),
      );
    expect(await plain(bench, [...FRESH, '--ignore-pnpmfile'])).toMatchObject({ code: 0 });
    const without = lockfiles();
    expect(await plain(bench, FRESH)).toMatchObject({ code: 0 });
    expect(lockfiles()).toEqual(without);
  });

  test('hooks of a project around those of the guard have their checksum', async () => {
    publish(bench, cleanTarball());
    const own = `const guard = require(${JSON.stringify(HOOK)})\nmodule.exports = guard.compose({ hooks: { afterAllResolved: (lockfile) => lockfile } })\n`;
    bench.sandbox.write({ '.pnpmfile.cjs': own });
    expect(await plain(bench, FRESH)).toMatchObject({ code: 0 });
    expect(lockfile(bench)).toContain('pnpmfileChecksum');
  });
});
