/** Projects of a workspace, most with a lockfile each, and the hook in the root's pnpmfile alone. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { available, pnpmsByHook } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import {
  cleanTarball,
  closeBench,
  FRESH,
  FROZEN,
  makeBench,
  type Options,
  pnpm,
  publish,
  setGuard,
  SUBJECT,
} from './guarded.ts';

const PNPMFILES: readonly [string, string | undefined][] = [
  ['no pnpmfile of its own', undefined],
  [
    'a pnpmfile that changes manifests',
    'module.exports = { hooks: { readPackage: (one) => one } }\n',
  ],
  ['a pnpmfile with the same hook', 'module.exports = { hooks: { preResolution() {} } }\n'],
];

describe.each(pnpmsByHook.filter((name) => available(name).ok))('%s, a project with', (name) => {
  const bench = freshEach(() => makeBench(name), closeBench);

  const inProject = (path: string): string => join(bench.sandbox.project, 'one', path);
  const lockfile = (): string => readFileSync(inProject('pnpm-lock.yaml'), 'utf8');
  const forgetModules = (): void => {
    for (const folder of [inProject('node_modules'), join(bench.sandbox.project, 'node_modules')])
      rmSync(folder, { recursive: true, force: true });
  };

  /** Has pnpm fill its store without the guard. */
  async function fill(
    bytes: Buffer,
    pnpmfile: string | undefined,
    options: Options = {},
  ): Promise<void> {
    publish(bench, bytes);
    bench.sandbox.write({
      'package.json': { name: 'root', version: '1.0.0', private: true },
      'pnpm-workspace.yaml': 'packages: [one]\nsharedWorkspaceLockfile: false\n',
      'one/package.json': { name: 'one', version: '1.0.0', dependencies: { [SUBJECT]: '1.0.0' } },
      ...(pnpmfile !== undefined && { 'one/.pnpmfile.cjs': pnpmfile }),
    });
    setGuard(bench, false);
    expect(await pnpm(bench, FRESH, options)).toMatchObject({ code: 0 });
    expect(existsSync(inProject(`node_modules/${SUBJECT}`))).toBe(true);
    setGuard(bench, true);
    forgetModules();
  }

  test.each(PNPMFILES)('%s is refused what is hostile', async (_title, pnpmfile) => {
    await fill(attack('symlink').build({ name: SUBJECT }), pnpmfile);
    const before = lockfile();
    for (const args of [FROZEN, [...FROZEN, '--offline'], FRESH]) {
      const result = await pnpm(bench, args);
      expect({ args, ...result }).toMatchObject({ code: 1 });
      expect(result.stdout + result.stderr).toContain(`refused ${SUBJECT}@1.0.0`);
      expect(existsSync(inProject(`node_modules/${SUBJECT}`))).toBe(false);
    }
    expect(lockfile()).toBe(before);
  });

  test.each(PNPMFILES)('%s is given what is clean, with no trace', async (_title, pnpmfile) => {
    await fill(cleanTarball(), pnpmfile);
    const before = lockfile();
    for (const args of [FROZEN, FRESH]) {
      expect({ args, ...(await pnpm(bench, args)) }).toMatchObject({ code: 0 });
      expect(existsSync(inProject(`node_modules/${SUBJECT}`))).toBe(true);
      forgetModules();
    }
    expect(lockfile()).toBe(before);
  });

  test.each([true, false])(
    'others beside it, a lockfile for all: %s, is given the tarballs that it has',
    async (shared) => {
      const projects = ['one', 'two', 'three', 'four'];
      bench.sandbox.write({
        'package.json': { name: 'root', version: '1.0.0', private: true },
        'pnpm-workspace.yaml': `packages: [${projects.join()}]\nsharedWorkspaceLockfile: ${shared}\n`,
      });
      for (const project of projects) {
        const dependencies = { [`of-${project}`]: `file:${project}.tgz` };
        bench.sandbox.write({ [`${project}/package.json`]: { name: project, dependencies } });
        const bytes = tgz({ name: `of-${project}` });
        writeFileSync(join(bench.sandbox.project, project, `${project}.tgz`), bytes);
      }
      expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
      const installed = (project: string): boolean =>
        existsSync(join(bench.sandbox.project, project, 'node_modules', `of-${project}`));
      expect(projects.filter(installed)).toEqual(projects);
    },
  );

  test('a pnpmfile, and a user with a global pnpmfile is refused what is hostile', async () => {
    const pnpmfile = 'module.exports = { hooks: { preResolution() {} } }\n';
    const global = join(bench.sandbox.root, 'global.cjs');
    const called = join(bench.sandbox.root, 'called');
    const write = `require('node:fs').appendFileSync(${JSON.stringify(called)}, process.cwd() + '\\n')`;
    writeFileSync(global, `module.exports = { hooks: { preResolution() { ${write} } } }\n`);
    const env = { npm_config_global_pnpmfile: global, pnpm_config_global_pnpmfile: global };
    await fill(attack('symlink').build({ name: SUBJECT }), pnpmfile, { env });
    for (const args of [FROZEN, [...FROZEN, '--offline'], FRESH]) {
      rmSync(called);
      const result = await pnpm(bench, args, { env });
      expect(existsSync(called)).toBe(true);
      expect({ args, ...result }).toMatchObject({ code: 1 });
      expect(result.stdout + result.stderr).toContain(`refused ${SUBJECT}@1.0.0`);
      expect(existsSync(inProject(`node_modules/${SUBJECT}`))).toBe(false);
    }
  });

  test('a tarball of its own is refused what is hostile, whatever is at the root', async () => {
    const dependencies = { [SUBJECT]: 'file:subject.tgz' };
    bench.sandbox.write({
      'package.json': { name: 'root', version: '1.0.0', private: true },
      'pnpm-workspace.yaml': 'packages: [one]\n',
      'one/package.json': { name: 'one', version: '1.0.0', dependencies },
    });
    writeFileSync(join(bench.sandbox.project, 'subject.tgz'), cleanTarball());
    writeFileSync(inProject('subject.tgz'), attack('symlink').build({ name: SUBJECT }));
    // In the store, so that pnpm 12 asks no fetcher.
    setGuard(bench, false);
    expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
    setGuard(bench, true);
    forgetModules();
    rmSync(join(bench.sandbox.project, 'pnpm-lock.yaml'));
    const result = await pnpm(bench, FRESH);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stdout + result.stderr).toMatch(
      /refused (?:tarwarden-subject@|file:subject\.tgz)/,
    );
    expect(existsSync(inProject(`node_modules/${SUBJECT}`))).toBe(false);
  });
});
