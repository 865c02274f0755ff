/** Each setting of a repository that could take the hook out, in each place that a pnpm reads, against `tarwarden pnpm`. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { available, pnpmsByHook } from '../../support/managers.ts';
import {
  cleanTarball,
  closeUntouched,
  declare,
  forget,
  FRESH,
  printed,
  publish,
  SUBJECT,
  type Bench,
} from './guarded.ts';
import { linked, makeWrapped, plain, wrapped } from './wrapped.ts';

/** Every setting in every place; without it, some of them in one place and all at once in the others. */
const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';

type Settings = Readonly<Record<string, unknown>>;

const SETTINGS: readonly (readonly [string, Settings])[] = [
  ['another globalPnpmfile', { globalPnpmfile: './inert.cjs' }],
  ['an empty globalPnpmfile', { globalPnpmfile: '' }],
  ['no globalPnpmfile', { globalPnpmfile: null }],
  ['another pnpmfile', { pnpmfile: './inert.cjs' }],
  ['ignorePnpmfile', { ignorePnpmfile: true }],
  ['all of them', { ignorePnpmfile: true, globalPnpmfile: './inert.cjs', pnpmfile: './inert.cjs' }],
];
const EXTRA: readonly (readonly [string, Settings])[] = [
  ['sharedWorkspaceLockfile', { sharedWorkspaceLockfile: false, ignorePnpmfile: true }],
  ['optimisticRepeatInstall', { optimisticRepeatInstall: true, ignorePnpmfile: true }],
];

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
const pairs = (settings: Settings, by: (name: string) => string, sign: string): string =>
  Object.entries(settings)
    .map(([name, value]) => `${by(name)}${sign}${JSON.stringify(value)}\n`)
    .join('');

type Write = (bench: Bench, settings: Settings) => void;

const PLACES: Readonly<Record<string, Write>> = {
  'pnpm-workspace.yaml': ({ sandbox }, settings) =>
    sandbox.write({ 'pnpm-workspace.yaml': `packages: []\n${pairs(settings, (n) => n, ': ')}` }),
  '.npmrc': ({ sandbox }, settings) => sandbox.write({ '.npmrc': pairs(settings, kebab, '=') }),
  'package.json': ({ sandbox }, pnpm) =>
    sandbox.write({
      'package.json': {
        name: 'project',
        version: '1.0.0',
        dependencies: { [SUBJECT]: '1.0.0' },
        pnpm,
      },
    }),
  "the user's own files": ({ sandbox }, settings) => {
    sandbox.npmrc(...pairs(settings, kebab, '=').trim().split('\n'));
    sandbox.pnpmConfig(
      ...pairs(settings, (name) => name, ': ')
        .trim()
        .split('\n'),
    );
  },
};

/** Settings that have pnpm look elsewhere for the pnpmfile, or for settings. */
const ELSEWHERE = [
  {
    title: 'lockfileDir',
    files: { 'pnpm-workspace.yaml': 'lockfileDir: ./l\n', 'l/package.json': {} },
    folder: '.',
  },
  {
    title: 'sharedWorkspaceLockfile: false',
    files: {
      'pnpm-workspace.yaml': 'packages: [one]\nsharedWorkspaceLockfile: false\n',
      'one/package.json': { name: 'one', version: '1.0.0', dependencies: { [SUBJECT]: '1.0.0' } },
    },
    folder: 'one',
  },
  {
    title: 'include',
    files: {
      'pnpm-workspace.yaml': 'packages: []\ninclude:\n  ./more.yaml: "*"\n',
      'more.yaml': 'ignorePnpmfile: true\npnpmfile: ./inert.cjs\nglobalPnpmfile: ""\n',
    },
    folder: '.',
  },
];
/** pnpm 12 installs from these; earlier ones show a pnpmfile the setting, and do nothing. */
const ECOSYSTEMS = FULL ? ['python', 'cargo'] : ['python'];

/** Those that take the hook out of one pnpm or another where nothing forces it. */
const SHORT = [...SETTINGS.slice(2, 3), ...SETTINGS.slice(4)];

const rows = Object.entries(PLACES).flatMap(([place, write], at) => {
  const settings = at === 0 ? [...SETTINGS, ...EXTRA] : SETTINGS;
  const short = at === 0 ? SHORT : SETTINGS.slice(-1);
  return (FULL ? settings : short).map(([name, value]) => ({
    name,
    place,
    write,
    settings: value,
  }));
});

describe.each(pnpmsByHook.filter((name) => available(name).ok))('%s', (name) => {
  const bench = freshEach(() => makeWrapped(name), closeUntouched);
  beforeEach(() =>
    bench.sandbox.write({ 'inert.cjs': 'module.exports = { hooks: { readPackage: (p) => p } }\n' }),
  );

  test.each(rows)('$name in $place does not take the guard out', async ({ write, settings }) => {
    write(bench, settings);
    publish(bench, attack('symlink').build({ name: SUBJECT }));
    const result = await wrapped(bench, FRESH);
    expect(result).toMatchObject({ code: 1, timedOut: false });
    expect(result.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
    expect(linked(bench)).toBe(false);
    publish(bench, cleanTarball());
    // pnpm remembers the integrity of the other bytes under this version.
    rmSync(join(bench.sandbox.root, 'xdg/cache/pnpm'), { recursive: true, force: true });
    expect(await wrapped(bench, FRESH)).toMatchObject({ code: 0 });
    expect(linked(bench)).toBe(true);
  });

  test.each(
    FULL ? ELSEWHERE : ELSEWHERE.filter(({ title }) => title !== 'sharedWorkspaceLockfile: false'),
  )('$title does not take the guard out', async ({ files, folder }) => {
    publish(bench, attack('symlink').build({ name: SUBJECT }));
    bench.sandbox.write(files);
    const result = await wrapped(bench, FRESH);
    expect(result).toMatchObject({ code: 1, timedOut: false });
    expect(result.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
    expect([linked(bench), linked(bench, SUBJECT, folder)]).toEqual([false, false]);
    publish(bench, cleanTarball());
    rmSync(join(bench.sandbox.root, 'xdg/cache/pnpm'), { recursive: true, force: true });
    expect(await wrapped(bench, FRESH)).toMatchObject({ code: 0 });
    expect(linked(bench, SUBJECT, folder)).toBe(true);
  });

  test.each(ECOSYSTEMS)('packages of another ecosystem are refused: %s', async (ecosystem) => {
    publish(bench, cleanTarball());
    bench.sandbox.write({ 'pnpm-workspace.yaml': `${ecosystem}:\n  enabled: true\n` });
    const result = await wrapped(bench, FRESH);
    expect(result.code).toBe(1);
    expect(printed(result)).toContain(`${ecosystem}.enabled`);
    expect(result.stderr).not.toContain('never loaded the guard');
    expect(linked(bench)).toBe(false);
    bench.sandbox.write({ 'pnpm-workspace.yaml': `${ecosystem}:\n  enabled: false\n` });
    expect(await wrapped(bench, FRESH)).toMatchObject({ code: 0 });
    expect(linked(bench)).toBe(true);
  });

  test('the install that pnpm starts before a script is guarded', async () => {
    publish(bench, attack('symlink').build({ name: SUBJECT }));
    bench.sandbox.write({
      'package.json': {
        name: 'project',
        version: '1.0.0',
        scripts: { hello: 'echo hello' },
        dependencies: { [SUBJECT]: '1.0.0' },
      },
      'pnpm-workspace.yaml':
        'verifyDepsBeforeRun: install\nignorePnpmfile: true\nglobalPnpmfile: ""\n',
    });
    const result = await wrapped(bench, ['run', 'hello']);
    expect(result.code).not.toBe(0);
    expect(linked(bench)).toBe(false);
  });

  test('a pnpmfile of the project runs beside the guard, and cannot take its place', async () => {
    publish(bench, attack('symlink').build({ name: SUBJECT }));
    bench.sandbox.write({
      '.pnpmfile.cjs': `const pass = (c, r, o, d) => d.remoteTarball(c, r, o);
        const factory = ({ defaultFetchers: d }) => (c, r, o) => d.remoteTarball(c, r, o);
        module.exports = {
          hooks: {
            updateConfig: (c) => ({ ...c, ignorePnpmfile: true, globalPnpmfile: undefined }),
            readPackage: (p) => { process.stderr.write('theirs ran\\n'); return p; },
            fetchers: { remoteTarball: factory, localTarball: factory },
          },
          fetchers: [{ canFetch: () => true, fetch: pass }],
        };\n`,
    });
    const result = await wrapped(bench, FRESH);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
    expect(linked(bench)).toBe(false);
  });

  // pnpm 10 does not load it, and pnpm 12 runs no importPackage.
  test.runIf(name === 'pnpm-11')('a module that awaits cannot link in its own way', async () => {
    publish(bench, cleanTarball());
    const file = '.pnpmfile.mjs';
    bench.sandbox.write({
      [file]: 'await 0;\nexport const hooks = { importPackage: () => "x" };\n',
    });
    const result = await wrapped(bench, FRESH);
    expect(result.code).toBe(1);
    expect(printed(result)).toContain(`${file}" has a hook importPackage`);
    expect(linked(bench)).toBe(false);
    bench.sandbox.write({ [file]: 'await 0;\nexport const hooks = {};\n' });
    expect(await wrapped(bench, FRESH)).toMatchObject({ code: 0 });
    expect(linked(bench)).toBe(true);
  });

  test('a project that is set up with the hook already is not disturbed', async () => {
    publish(bench, cleanTarball());
    const hook = JSON.stringify(`${process.cwd()}/packages/pnpm-hook/dist/index.cjs`);
    bench.sandbox.write({ '.pnpmfile.cjs': `module.exports = require(${hook})\n` });
    declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } });
    expect(await plain(bench, FRESH)).toMatchObject({ code: 0 });
    forget(bench, 'modules');
    expect(await wrapped(bench, ['install', '--frozen-lockfile'])).toMatchObject({ code: 0 });
    expect(linked(bench)).toBe(true);
  });
});
