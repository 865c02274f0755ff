/** Config dependencies under `tarwarden pnpm`: inspected before pnpm starts, since pnpm runs their code before any hook. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { freshEach } from '../../support/fresh-each.ts';
import { available, pnpmsByHook } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { sri } from '../../support/registry.ts';
import { entry } from '../../support/tar.ts';
import { cleanTarball, closeUntouched, FRESH, printed, publish, SUBJECT } from './guarded.ts';
import { linked, makeWrapped, plain, wrapped } from './wrapped.ts';

const version = '1.0.0';

describe.each(pnpmsByHook.filter((name) => available(name).ok))('%s', (name) => {
  const bench = freshEach(() => makeWrapped(name), closeUntouched);
  let mark: string;
  beforeEach(() => {
    mark = join(bench.sandbox.root, 'ran');
    publish(bench, cleanTarball());
  });

  const code = (): string =>
    `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '');\nmodule.exports = { hooks: {} };\n`;
  /** A plugin, and what is odd about it. */
  const plugin = (full: string, more: object = {}): Buffer =>
    tgz({ name: full, version, files: { 'pnpmfile.cjs': code() }, ...more });
  const twice = (path: string): object => ({
    entries: [entry({ name: `package/${path}`, body: `${code()}// again\n` })],
  });
  const config = (text: string): void =>
    bench.sandbox.write({ 'pnpm-workspace.yaml': `configDependencies:\n  ${text}\n` });
  const serve = (full: string, bytes: Buffer): void => {
    bench.registry.publish({ name: full, version, tgz: bytes });
    config(`'${full}': ${version}+${sri(bytes)}`);
  };

  const hostile: readonly [string, string, object][] = [
    ['an entry that is there twice', 'pnpm-plugin-x', twice('pnpmfile.cjs')],
    ['a hook hidden by case', 'pnpm-plugin-x', twice('PNPMFILE.cjs')],
    ['a scoped name', '@scope/pnpm-plugin-x', twice('index.js')],
    ['a name of the scope of pnpm', '@pnpm/plugin-x', twice('index.js')],
  ];
  test.each(hostile)('does not start pnpm for %s', async (title, full, more) => {
    serve(full, plugin(full, more));
    for (const args of [FRESH, ['run', 'nothing'], ['-C', '.', ...FRESH]]) {
      // oxlint-disable-next-line no-await-in-loop
      const result = await wrapped(bench, args);
      expect(result.code).toBe(1);
      expect(printed(result)).toContain('tarwarden: refused');
      expect(printed(result)).toContain('pnpm was not started');
      expect([existsSync(mark), linked(bench)]).toEqual([false, false]);
    }
    // The control: pnpm alone runs it. Some refuse a file that is there twice, and pnpm 10 then hangs.
    if (title !== 'a hook hidden by case') return;
    await plain(bench, FRESH);
    expect(existsSync(mark)).toBe(true);
  });

  test('does not start pnpm for a tarball by URL', async () => {
    const bytes = plugin('pnpm-plugin-x', twice('pnpmfile.cjs'));
    const tarball = bench.registry.file('x.tgz', bytes);
    config(`pnpm-plugin-x: { tarball: '${tarball}', integrity: '${version}+${sri(bytes)}' }`);
    expect((await wrapped(bench, FRESH)).code).toBe(1);
    expect([existsSync(mark), linked(bench)]).toEqual([false, false]);
  });

  interface Elsewhere {
    /** Versions that look there. */
    readonly majors: string;
    readonly files: (pinned: string, project: string) => Readonly<Record<string, string>>;
    readonly cwd?: string;
  }
  const X = 'pnpm-plugin-x';
  const inYaml = (value: string): string => `configDependencies:\n  ${X}: '${value}'\n`;
  const inManifest = (pinned: string): string =>
    JSON.stringify({ name: 'x', pnpm: { configDependencies: { [X]: pinned } } });
  /** A lockfile that has nothing but its head. */
  const head = (pinned: string): string =>
    `---\nlockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    configDependencies:\n      ${X}: { specifier: ^1.0.0, version: ${version} }\n\n` +
    `packages:\n  ${X}@${version}: { resolution: {\n\n\n\n    integrity: ${pinned.replace(/^[^+]*[+]/, '')} } }\nsnapshots:\n  ${X}@${version}: {}\n`;
  const elsewhere: Record<string, Elsewhere> = {
    'package.yaml': {
      majors: '10',
      files: (pinned) => ({
        'package.yaml': `pnpm:\n  configDependencies:\n    ${X}: '${pinned}'\n`,
      }),
    },
    'package.json5': { majors: '10', files: (pinned) => ({ 'package.json5': inManifest(pinned) }) },
    'a folder with an empty pnpm-workspace.yaml': {
      majors: '10',
      cwd: 'sub',
      files: (pinned) => ({
        'pnpm-workspace.yaml': 'packages: [other]\n',
        'sub/pnpm-workspace.yaml': '',
        'sub/package.json': inManifest(pinned),
      }),
    },
    'the folder of the lockfile': {
      majors: '10',
      files: (pinned, project) => ({
        '.npmrc': `"lockfile\\u002ddir"=${project}/sub\n`,
        'package.json': '{}',
        'sub/package.json': inManifest(pinned),
      }),
    },
    'a range': { majors: '11 12', files: () => ({ 'pnpm-workspace.yaml': inYaml('^1.0.0') }) },
    'a name of another': {
      majors: '11 12',
      files: () => ({ 'pnpm-workspace.yaml': inYaml(`npm:${X}@1.0.0`) }),
    },
    'a version that others do not write': {
      majors: '12',
      files: (pinned) => ({ 'pnpm-workspace.yaml': inYaml(`v${pinned}`) }),
    },
    'a lockfile without packages of the project': {
      majors: '11 12',
      files: (pinned) => ({
        'pnpm-workspace.yaml': inYaml('^1.0.0'),
        'pnpm-lock.yaml': head(pinned),
      }),
    },
  };
  const major = name.replace('pnpm-', '');
  test.each(
    Object.entries(elsewhere).filter(([, { majors }]) => majors.split(' ').includes(major)),
  )('does not start pnpm for %s', async (_, { files, cwd = '.' }) => {
    const bytes = plugin(X, twice('PNPMFILE.cjs'));
    bench.registry.publish({ name: X, version, tgz: bytes });
    const written = files(`${version}+${sri(bytes)}`, bench.sandbox.project);
    if (Object.keys(written).some((file) => /^package[.](?:yaml|json5)$/.test(file)))
      rmSync(join(bench.sandbox.project, 'package.json'));
    bench.sandbox.write(written);
    const options = { cwd: join(bench.sandbox.project, cwd) };
    const result = await wrapped(bench, FRESH, options);
    expect(result.code).toBe(1);
    expect(printed(result)).toContain('pnpm was not started');
    expect(existsSync(mark)).toBe(false);
    // The control: pnpm alone runs it.
    await plain(bench, FRESH, options);
    expect(existsSync(mark)).toBe(true);
  });

  test.runIf(name !== 'pnpm-10').each([false, true])(
    'starts pnpm for a range that the lockfile pins, by a URL of the registry: %s',
    async (ownPlace) => {
      const bytes = plugin(X);
      const tarball = ownPlace ? { tarball: bench.registry.file('own/place.tgz', bytes) } : {};
      bench.registry.publish({ name: X, version, tgz: bytes, ...tarball });
      bench.sandbox.write({ 'pnpm-workspace.yaml': inYaml('^1.0.0') });
      expect(await plain(bench, FRESH)).toMatchObject({ code: 0 });
      rmSync(join(bench.sandbox.project, 'node_modules'), { recursive: true });
      expect(await wrapped(bench, ['install', '--frozen-lockfile'])).toMatchObject({ code: 0 });
    },
  );

  test('starts pnpm for what is clean, also by the registry and the store of the project', async () => {
    serve('pnpm-plugin-x', plugin('pnpm-plugin-x'));
    bench.sandbox.write({ '.npmrc': `registry=${bench.registry.url}/\n` });
    for (const args of [FRESH, ['install', '--frozen-lockfile']]) {
      // oxlint-disable-next-line no-await-in-loop
      const result = await wrapped(bench, args);
      expect(result).toMatchObject({ code: 0 });
    }
    expect(existsSync(mark)).toBe(true);
    expect(existsSync(join(bench.sandbox.project, 'node_modules', SUBJECT))).toBe(true);
  });
});
