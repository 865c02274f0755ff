/** `tarwarden init` where the project has no place for a guard, and where the project is hostile. */
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { execute, type Result } from '../../support/execute.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { system } from '../../support/pip/pips.ts';
import { findProgram } from '../../support/programs.ts';
import { makeSandbox, tree, type Sandbox } from '../../support/sandbox.ts';
import { world } from '../pip/scene.ts';
import { makePlace, program, type Place } from './sandbox.ts';

interface Surroundings {
  readonly sandbox: Sandbox;
  readonly env: NodeJS.ProcessEnv;
}

/** The managers are not guarded yet, and are behind the shims. Nothing is written to the project. */
async function expectGuided(
  { sandbox, env }: Surroundings,
  managers: readonly string[],
): Promise<void> {
  sandbox.command('tarwarden', program);
  const init = (PATH = env['PATH'] ?? '') =>
    execute(process.execPath, [program, 'init'], { cwd: sandbox.project, env: { ...env, PATH } });
  const before = tree(sandbox.project);
  const first = await init();
  expect(first.stdout).toMatch(
    new RegExp(`^not yet {3}${managers.join(', ')}\n.*\n +tarwarden setup$`, 'm'),
  );
  expect(first).toMatchObject({ code: 0, stderr: '' });
  const folder = join(sandbox.home, 'shims');
  const options = managers.map((name) => `--manager ${name}`).join(' ');
  const written = await execute(
    findProgram('sh') ?? 'sh',
    ['-eu', '-c', `tarwarden shims ${folder} ${options}`],
    {
      cwd: sandbox.project,
      env: { ...env, PATH: [sandbox.bin, env['PATH']].join(delimiter) },
    },
  );
  expect(written).toMatchObject({ code: 0 });
  const second = await init([folder, env['PATH']].join(delimiter));
  for (const name of managers) expect(second.stdout).toMatch(new RegExp(`^guarded +${name} `, 'm'));
  expect(second.code).toBe(0);
  expect(tree(sandbox.project)).toEqual(before);
}

describe('a project without a place for a guard', () => {
  test('pip', { tags: ['pip'] }, async () => {
    const own = world(system);
    rmSync(join(own.sandbox.project, 'package.json'), { force: true });
    own.sandbox.write({ 'requirements.txt': 'x==1.0\n' });
    await expectGuided(own, ['pip']);
  });

  const programs = ['bundle', 'go'].map((name) => [name, findProgram(name)] as const);
  test('bundle and go', { tags: ['go', 'ruby'] }, async () => {
    const sandbox = makeSandbox();
    for (const [name, found] of programs) sandbox.command(name, found!);
    rmSync(join(sandbox.project, 'package.json'));
    sandbox.write({
      Gemfile: 'source "https://rubygems.org"\n',
      'go.mod': 'module example.org/x\n',
    });
    await expectGuided({ sandbox, env: sandbox.env }, ['bundle', 'go']);
    sandbox.dispose();
  });
});

/** Runs init, which runs nothing of the project. The home of the place is in it, and a project is never around that. */
async function runIdly(place: Place, ...args: string[]): Promise<Result> {
  const HOME = join(tmpdir(), 'tarwarden-no-home');
  const result = await place.run(['init', ...args], { env: { HOME } });
  expect(existsSync(join(place.root, 'ran'))).toBe(false);
  return result;
}

describe('a hostile project', () => {
  const place = freshEach(() => makePlace());
  beforeEach(() => {
    const release = place.put('.yarn/releases/yarn.cjs', `require('fs').writeFileSync('ran', '')`);
    place.put('.yarnrc.yml', `yarnPath: ${release}\n`);
    place.put('.pnpmfile.cjs', `require('fs').writeFileSync('ran', '')`);
    place.put('package.json', '{"packageManager":"yarn@4.0.0","scripts":{"install":"touch ran"}}');
  });

  test('runs nothing of it with --dry-run or --undo', async () => {
    const before = tree(place.root);
    const both = ['--manager', 'yarn', '--manager', 'pnpm'];
    const dry = await runIdly(place, '--dry-run', ...both);
    expect(dry.stdout).toContain('+ tarwardenRequired: true\n');
    expect(dry.stdout).toContain(
      "+ module.exports = require('./.tarwarden/pnpmfile.cjs').compose(",
    );
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(await runIdly(place, '--undo')).toMatchObject({ code: 0, stderr: '' });
    expect(tree(place.root)).toEqual(before);
  });

  test('leads it nowhere by a link, and nothing is written or run', async () => {
    mkdirSync(join(place.root, 'elsewhere'));
    symlinkSync(join(place.root, 'elsewhere'), join(place.root, '.yarn/plugins'));
    const before = tree(place.root);
    const { code, stderr } = await runIdly(place);
    expect(stderr).toBe('tarwarden: ".yarn/plugins": it is a link; nothing was written\n');
    expect(code).toBe(2);
    expect(tree(place.root)).toEqual(before);
  });

  test('is not the home folder', async () => {
    const { code, stderr } = await place.run(['init'], { env: { HOME: place.root } });
    expect(stderr).toMatch(/is your home folder, .* nothing was written: name the folder of a/);
    expect(code).toBe(2);
  });

  test('does not reach the terminal by its names', async () => {
    place.put('package.json', '{"packageManager":"\\u001b]0;x\\u0007@1"}');
    place.put('a\u001b[31mb/go.mod', '');
    rmSync(join(place.root, '.yarnrc.yml'));
    const { code, stdout } = await runIdly(place, '--dry-run');
    expect(stdout).toContain('tarwarden has no guard for "another manager"');
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(code).toBe(2);
  });
});
