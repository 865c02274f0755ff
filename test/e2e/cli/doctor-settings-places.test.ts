/** Where `tarwarden doctor` has a client's settings from, and what it does not run for it. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { execute } from '../../support/execute.ts';
import { envFor, run, versionOf, type ManagerName } from '../../support/managers.ts';
import { ask, defence, defences, doctor, sandbox, write, type Report } from './doctor-world.ts';
import { program } from './sandbox.ts';

describe('what is set elsewhere than in the project', () => {
  it.each([
    ['npm-11', 'min-release-age', { npm_config_min_release_age: '2' }, '2'],
    ['pnpm-10', 'minimumReleaseAge', { npm_config_minimum_release_age: '2' }, '2'],
    ['pnpm-12', 'minimumReleaseAge', { pnpm_config_minimum_release_age: '2' }, '2'],
    ['pnpm-12', 'minimumReleaseAge', { npm_config_minimum_release_age: '0' }, '1440'],
    ['yarn-4', 'npmMinimalAgeGate', { YARN_NPM_MINIMAL_AGE_GATE: '2' }, '2'],
  ] as const)('counts for %s: %s in %s', async (name, setting, env, value) => {
    expect(await defence(name, setting, env)).toMatchObject({ state: 'on', value });
    if (value === '2') expect(await ask(name, setting, env)).toBe(value);
  });

  it('has to be taken away first, where it overrides the line', async () => {
    write('.npmrc', 'min-release-age=3');
    const env = { npm_config_min_release_age: '0' };
    expect(await defence('npm-11', 'min-release-age', env)).toMatchObject({
      state: 'off',
      source: { kind: 'variable', name: 'npm_config_min_release_age' },
      switchOn: { first: 'take the variable npm_config_min_release_age away' },
    });
    expect(await ask('npm-11', 'min-release-age', env)).toBe('0');
  });

  it.each([
    ['npm-11', 'min-release-age', 'min-release-age=4', '4'],
    ['pnpm-10', 'minimumReleaseAge', 'minimum-release-age=4', '4'],
    ['pnpm-11', 'minimumReleaseAge', 'minimum-release-age=4', '1440'],
  ] as const)(
    'counts for %s in the user’s .npmrc as it does there',
    async (name, setting, line, value) => {
      sandbox.npmrc(line);
      expect(await defence(name, setting)).toMatchObject({ state: 'on', value });
      if (value === '4') expect(await ask(name, setting)).toBe(value);
    },
  );

  it('counts for pnpm in its own file', async () => {
    sandbox.pnpmConfig('minimumReleaseAge: 5');
    expect(await defence('pnpm-12', 'minimumReleaseAge')).toMatchObject({ value: '5' });
    expect(await ask('pnpm-12', 'minimumReleaseAge')).toBe('5');
  });
});

describe('a project', () => {
  it.each(['pnpm-10', 'pnpm-11', 'pnpm-12'] as const)(
    'whose workspace does not name its folder is not said to have its settings by %s, where it has not',
    async (name) => {
      // What is above is not the repository, in which nothing is run.
      mkdirSync(join(sandbox.project, '.git'));
      write('../pnpm-workspace.yaml', 'packages: [other/*]', 'trustPolicy: no-downgrade');
      const { state } = await defence(name, 'trustPolicy');
      const said = await ask(name, 'trustPolicy');
      expect([state, said]).toEqual(
        name === 'pnpm-10' ? ['on', 'no-downgrade'] : ['unknown', 'undefined'],
      );
      write('../pnpm-workspace.yaml', 'packages: [proj*]', 'trustPolicy: no-downgrade');
      expect((await defence(name, 'trustPolicy')).state).toBe('on');
      expect(await ask(name, 'trustPolicy')).toBe('no-downgrade');
    },
  );

  it('runs nothing: neither a pnpmfile, nor the Yarn and the plugins that it brings along', async () => {
    const trap = `require('node:fs').writeFileSync(${JSON.stringify(join(sandbox.root, 'ran'))}, '')\n`;
    for (const file of ['.pnpmfile.cjs', 'yarn-4.14.0.cjs', 'plugin.cjs']) write(file, trap);
    write('.yarnrc.yml', 'yarnPath: ./yarn-4.14.0.cjs', 'plugins: [./plugin.cjs]');
    expect(await defence('yarn-4', 'npmMinimalAgeGate')).toMatchObject({
      version: '4.14.0',
      state: 'off',
    });
    await defences('pnpm-10');
    expect(existsSync(join(sandbox.root, 'ran'))).toBe(false);
    // The trap is one.
    await run('yarn-1', ['--version'], { sandbox });
    expect(existsSync(join(sandbox.root, 'ran'))).toBe(true);
  });

  it('that names a pnpm has the defaults of that one listed as well', async () => {
    write('package.json', '{"packageManager":"pnpm@10.26.0"}');
    const ages = (await defences('pnpm-12')).filter(
      ({ setting }) => setting === 'minimumReleaseAge',
    );
    expect(ages).toMatchObject([
      { version: '10.26.0', state: 'off' },
      { version: versionOf('pnpm-12').version, state: 'on' },
    ]);
  });
});

describe('the guard', () => {
  const report = async (name: ManagerName, ...args: readonly string[]) => {
    const { code, stdout } = await doctor(name, ['--reporter', 'json', ...args]);
    const { guards } = JSON.parse(stdout) as Report;
    return { code, guard: guards.find(({ manager }) => manager === name.split('-')[0]) };
  };

  it('is looked for, and said to be untried, without --verify', async () => {
    expect(await report('pnpm-12')).toMatchObject({ code: 0, guard: { state: 'none' } });
    write('.pnpmfile.cjs', "module.exports = require('./.tarwarden/pnpmfile.cjs')");
    expect(await report('pnpm-12')).toMatchObject({ code: 0, guard: { state: 'found' } });
  });

  it('is tried with --verify, whatever seems to name it', async () => {
    write('.pnpmfile.cjs', '// tarwarden');
    expect(await report('pnpm-12', '--verify')).toMatchObject({
      code: 1,
      guard: { state: 'unguarded' },
    });
  });

  it('is not shown where the manager fails by itself', async () => {
    write('.pnpmfile.cjs', "throw new Error('broken')");
    expect(await report('pnpm-12', '--verify')).toMatchObject({
      code: 2,
      guard: { state: 'unproven' },
    });
  });

  it('is guarded behind a shim, with --verify', async () => {
    const env = envFor('npm-12', { sandbox });
    const shims = [program, 'shims', sandbox.bin];
    expect(await execute(process.execPath, shims, { cwd: sandbox.project, env })).toMatchObject({
      code: 0,
    });
    const args = [program, 'doctor', '--fail-on', 'none', '--verify'];
    const { code, stdout } = await execute(process.execPath, args, {
      cwd: sandbox.project,
      env: { ...env, PATH: [sandbox.bin, env['PATH']].join(':') },
    });
    expect(stdout).toMatch(/^ {2}npm {3}guarded /m);
    expect(stdout).toMatch(/^ {2}npx {3}guarded /m);
    expect(code).toBe(0);
  });
});
