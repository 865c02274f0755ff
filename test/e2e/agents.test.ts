/** The recipes of docs/agents.md: the shells that a coding agent starts are guarded, and not without the recipe. */
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { attacks } from '../support/attacks.ts';
import { docker } from '../support/ci.ts';
import { execute } from '../support/execute.ts';
import { repository, run } from '../support/managers.ts';
import { startRegistry } from '../support/registry.ts';
import { makeCaller, TARWARDEN, type Caller } from './verify/world.ts';

const page = readFileSync(join(repository, 'docs/agents.md'), 'utf8');
const bad = attacks.find(({ id }) => id === 'symlink-absolute') ?? attacks[0]!;

/** The code block below a heading of the page. */
function recipeOf(heading: string): string {
  const [, text] =
    new RegExp(`^## ${heading}\n[^]*?^\`\`\`\\w+\n([^]*?)^\`\`\`$`, 'm').exec(page) ?? [];
  if (text === undefined) throw new RangeError(`no recipe below ${heading}`);
  return text;
}

/** What an agent starts for a command. */
const SHELLS = ['bash -c', 'bash -lc', 'sh -c'] as const;
/** Installs in each of them, and stops at the first install that succeeds. */
const INSTALLS = SHELLS.map((shell) => `! ${shell} "npm ci"`).join(' && ');
const REFUSED = /npm error tarwarden: refused bad@1\.0\.0/g;

let caller: Caller;
beforeEach(async () => {
  const registry = await startRegistry();
  onTestFinished(async () => registry.close());
  caller = makeCaller('npm-12');
  const { sandbox, env } = caller;
  sandbox.npmrc(`registry=${registry.url}/`);
  symlinkSync(TARWARDEN, join(sandbox.bin, 'tarwarden'));
  env['PATH'] = [env['PATH'], '/usr/bin', '/bin'].join(delimiter);
  registry.publish({ name: 'bad', tgz: bad.build({ name: 'bad', target: sandbox.sentinel }) });
  sandbox.write({
    'package.json': { name: 'p', version: '1.0.0', dependencies: { bad: '1.0.0' } },
  });
  const lock = await run('npm-12', ['install', '--package-lock-only'], { sandbox });
  if (lock.code !== 0) throw new Error(lock.stderr);
});

test('in a dev container, each of these shells is guarded', async () => {
  const { sandbox } = caller;
  mkdirSync(join(sandbox.root, 'profile.d'));
  const recipe = recipeOf('In a dev container').replaceAll(
    '/etc/profile.d/',
    `${join(sandbox.root, 'profile.d')}/`,
  );
  // A login shell of this machine sets the PATH anew, and may then have another npm.
  const { code, output } = await docker(`${recipe}RUN ${INSTALLS}\n`, caller);
  expect(output).toMatch(/^guarded +npm/m);
  expect([output, code]).toEqual([expect.anything(), 0]);
  expect(output.match(REFUSED)).toHaveLength(SHELLS.length);
  sandbox.assertSentinelUntouched();
});

test('on a machine: the shells of an agent are guarded', async () => {
  const { sandbox, env } = caller;
  const options = {
    cwd: sandbox.project,
    // Without a data folder of another name, as on most machines.
    env: { ...env, SHELL: '/bin/bash', XDG_DATA_HOME: undefined },
  };
  const setup = await execute(
    process.execPath,
    [TARWARDEN, 'setup', '--yes', '--shell', 'bash', '--manager', 'npm'],
    options,
  );
  expect([setup.stdout + setup.stderr, setup.code]).toEqual([expect.anything(), 0]);
  const start = recipeOf('On your machine');
  expect(start).toContain('BASH_ENV');
  const result = await execute('/bin/bash', ['-ec', `${start}\n${INSTALLS}`], options);
  expect(result.stdout).toMatch(/^guarded +npm/m);
  expect([result.stdout, result.code]).toEqual([expect.anything(), 0]);
  expect(result.stderr.match(REFUSED)).toHaveLength(SHELLS.length);
  sandbox.assertSentinelUntouched();
});
