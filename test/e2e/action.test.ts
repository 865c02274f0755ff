/** The action in an imitation of GitHub's runner: fresh shells, `$GITHUB_PATH`, and the filter on `$GITHUB_ENV`. */
import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attacks } from '../support/attacks.ts';
import { github, type Ended } from '../support/ci.ts';
import { repository, run } from '../support/managers.ts';
import { startRegistry, type Registry } from '../support/registry.ts';
import { makeRelease } from '../support/release.ts';
import { makeCaller, starting, type Caller } from './verify/world.ts';

const page = readFileSync(join(repository, 'docs/ci.md'), 'utf8');
const [, example = ''] =
  /^## GitHub Actions, by the action\n[^]*?^```yaml\n([^]*?)^```$/m.exec(page) ?? [];

const bad = attacks.find(({ id }) => id === 'symlink-absolute') ?? attacks[0]!;

let release: string;
let tarball: string;
let caller: Caller;
let registry: Registry;

beforeAll(async () => {
  release = await makeRelease();
  tarball = readdirSync(release).find((name) => /^tarwarden-\d.*\.tgz$/.test(name))!;
});
afterAll(() => rmSync(release, { recursive: true, force: true }));

beforeEach(async () => {
  registry = await startRegistry();
  caller = makeCaller('npm-10');
  caller.sandbox.npmrc(`registry=${registry.url}/`);
  // A real shell has these. The command is not there: the action brings it.
  caller.env['PATH'] = [caller.env['PATH'], '/usr/bin', '/bin'].join(delimiter);
});
afterEach(async () => {
  await registry.close();
});

/** The example of the page, in a project that depends on one package, with the files where it says. */
async function job(
  dependency: string,
  change = (recipe: string): string => recipe,
): Promise<Ended> {
  const { sandbox } = caller;
  sandbox.write({
    'package.json': { name: 'p', version: '1.0.0', dependencies: { [dependency]: '1.0.0' } },
    '.github/tarwarden/keep': '',
  });
  const lock = await run('npm-10', ['install', '--package-lock-only'], { sandbox });
  expect(lock).toMatchObject({ code: 0 });
  const place = /tarball: (\S+)/.exec(example)?.[1] ?? '';
  copyFileSync(join(release, tarball), join(sandbox.project, place));
  const digest = createHash('sha512').update(readFileSync(join(release, tarball)));
  const recipe = example.replace('<as SHA512SUMS has it>', digest.digest('hex'));
  return github(change(recipe), { sandbox, env: caller.env });
}

const verdicts = (ended: Ended): string[] =>
  [...ended.output.matchAll(/^(guarded|UNGUARDED) +(\w+)/gm)].map(
    ([, how, name]) => `${how} ${name}`,
  );
const ON = ['guarded npm', 'guarded npx'];

describe('the action', () => {
  it('has its canary refused at the start and at the end, around a clean install', async () => {
    registry.publish({ name: 'clean' });
    const ended = await job('clean');
    expect([ended.output, ended.code]).toEqual([expect.anything(), 0]);
    expect(ended.output).toMatch(/added 1 package/);
    expect(verdicts(ended)).toEqual([...ON, ...ON]);
  });

  it('stops at a hostile package, shows it, and verifies nevertheless', async () => {
    const tgz = bad.build({ name: 'bad', target: caller.sandbox.sentinel });
    registry.publish({ name: 'bad', tgz });
    const ended = await job('bad');
    expect(ended.code).toBe(1);
    expect(ended.output).toMatch(/bad@1\.0\.0/);
    expect(ended.output.match(/^::error .*?::/gm)).toEqual([
      expect.stringMatching(
        /^::error file=package-lock\.json,line=\d+,title=tarwarden refused bad@/,
      ),
    ]);
    const summary = readFileSync(join(caller.sandbox.root, 'gh-summary'), 'utf8');
    expect(summary).toMatch(/^### tarwarden\n\n1 inspected, 0 accepted, 1 refused\.\n/);
    expect(summary).toContain('| <code>bad&#64;1&#46;0&#46;0</code> | refused | ');
    expect(verdicts(ended)).toEqual([...ON, ...ON]);
    caller.sandbox.assertSentinelUntouched();
  });

  it('is red at the end where a later step put another npm in front', async () => {
    registry.publish({ name: 'clean' });
    const folder = caller.inFront('npm', starting('npm-11', 'bin/npm-cli.js'));
    caller.env['PATH'] = (caller.env['PATH'] ?? '').replace(`${folder}${delimiter}`, '');
    const ended = await job('clean', (recipe) =>
      recipe.replace('  - run: npm ci', `  - run: echo ${folder} >> "$GITHUB_PATH"\n$&`),
    );
    expect(ended.code).toBe(1);
    expect(ended.output).toMatch(/added 1 package/);
    expect(verdicts(ended)).toEqual([...ON, 'UNGUARDED npm', 'guarded npx']);
  });

  it.each([
    ['another tarball', /sha512: ".{4}/, 'sha512: "0000', 'has the SHA-512'],
    ['what is no list of names', 'managers: npm npx', 'managers: "npm; id"', 'names, separated'],
    ['a manager that is not there', 'managers: npm npx', 'managers: pnpm', 'is not guarded, or'],
    ['a manager that nobody knows', 'managers: npm npx', 'managers: nmp', 'Allowed choices'],
  ])('refuses %s, and is red at the end as well', async (_, found, put, message) => {
    registry.publish({ name: 'clean' });
    const ended = await job('clean', (recipe) => recipe.replace(found, put));
    expect(ended.code).not.toBe(0);
    expect(ended.output).toContain(message);
    expect(ended.output).not.toMatch(/added 1 package/);
    expect(ended.output.match(/::error title=tarwarden::/g)?.length).toBeGreaterThan(0);
  });

  it('at the end is red where the first was not run', async () => {
    registry.publish({ name: 'clean' });
    const ended = await job('clean', (recipe) =>
      recipe.replace(/ {2}- uses[^]*?(?= {2}- run)/, ''),
    );
    expect(ended.code).toBe(1);
    expect(ended.output).toContain('the guard was not set up in this job');
  });
});
