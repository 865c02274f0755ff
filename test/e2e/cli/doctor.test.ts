/** `tarwarden doctor`, as it is built, on real managers and on the programs of this machine. */
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { execute } from '../../support/execute.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { runtimeFolder } from '../../support/managers.ts';
import { makePlace, program } from './sandbox.ts';

const place = freshEach(() => makePlace());
let project: string;
let bin: string;
beforeEach(() => {
  [project, bin] = [join(place.root, 'project'), join(place.root, 'bin')];
  for (const folder of [join(project, '.git'), bin]) mkdirSync(folder, { recursive: true });
});

interface Line {
  readonly type: 'hole' | 'problem' | 'summary';
  readonly id: string;
  readonly urgency: string;
  readonly state: string;
  readonly message?: string;
  readonly component: { readonly name: string; readonly version: string };
}

/** Runs doctor in the project, with a PATH of one folder unless another is given. */
async function doctor(
  args: readonly string[] = [],
  path = bin,
  cwd = project,
): Promise<{ code: number | null; lines: Line[] }> {
  const { code, stdout } = await place.run(['doctor', '--reporter', 'ndjson', ...args], {
    env: { PATH: path },
    cwd,
  });
  const lines = stdout.trimEnd().split('\n');
  const all = lines.map(
    (line) => JSON.parse(line) as Line | { readonly type: 'guard' | 'defence' },
  );
  return { code, lines: all.filter((line) => !isAdvice(line)) };
}

/** What has tests of its own. */
function isAdvice(line: { readonly type: string }): line is { readonly type: 'guard' | 'defence' } {
  return line.type === 'guard' || line.type === 'defence';
}

const holes = (lines: readonly Line[], name: string): string[] =>
  lines.flatMap((one) => (one.type === 'hole' && one.component.name === name ? [one.id] : []));

const inManager: readonly (readonly [string, string, string, string[], string[]])[] = [
  ['npm-6', 'npm', 'bin/npm-cli.js', [], ['GHSA-vmf3-w455-68vh', 'GHSA-f5x3-32g6-xq36']],
  ['npm-10', 'npm', 'bin/npm-cli.js', [], []],
  ['npm-12', 'npm', 'bin/npm-cli.js', [], []],
  [
    'pnpm-10-20',
    'pnpm',
    'bin/pnpm.cjs',
    ['CVE-2026-50016', 'GHSA-v253-rj99-jwpq', 'GHSA-vq4v-j7r6-jq4m', 'GHSA-xpqm-wm3m-f34h'],
    ['GHSA-vmf3-w455-68vh'],
  ],
  ['pnpm-10', 'pnpm', 'bin/pnpm.cjs', [], []],
  ['pnpm-11', 'pnpm', 'bin/pnpm.mjs', [], []],
  ['pnpm-12', 'pnpm', 'pnpm', [], []],
  ['yarn-1-21', 'yarn', 'bin/yarn.js', ['CVE-2020-8131', 'GHSA-5xf4-f2fq-f69j'], []],
  ['yarn-1', 'yarn', 'bin/yarn.js', [], []],
];

describe.skipIf(process.platform === 'win32')('a manager', () => {
  it.each(inManager)('%s', async (name, command, file, own, ofTar) => {
    symlinkSync(join(runtimeFolder(name), file), join(bin, command));
    const { code, lines } = await doctor();
    expect(lines.filter(({ type }) => type === 'problem')).toEqual([]);
    expect(holes(lines, command)).toEqual(expect.arrayContaining(own));
    expect(holes(lines, 'tar')).toEqual(expect.arrayContaining(ofTar));
    if (own.length === 0) expect(holes(lines, command)).toEqual([]);
    if (ofTar.length === 0) expect(holes(lines, 'tar')).toEqual([]);
    expect(code).toBe(lines.length > 1 ? 1 : 0);
  });

  it('npm 10 has a pacote with a hole', async () => {
    symlinkSync(join(runtimeFolder('npm-10'), 'bin/npm-cli.js'), join(bin, 'npm'));
    const { lines } = await doctor();
    expect(holes(lines, 'pacote')).toContain('GHSA-w4pp-8pjf-rmxw');
  });

  it.each(['.', 'packages/app'])('of the project is not run, called in %s', async (folder) => {
    const cwd = join(project, folder);
    mkdirSync(cwd, { recursive: true });
    const modules = join(project, 'node_modules/.bin');
    const npm = place.put(
      'project/node_modules/.bin/npm',
      `#!/bin/sh\necho ran > "${place.root}/ran"\necho 1.0.0\n`,
    );
    chmodSync(npm, 0o755);
    const { code, lines } = await doctor([], [modules, bin].join(':'), cwd);
    expect(existsSync(join(place.root, 'ran'))).toBe(false);
    expect(lines[0]).toMatchObject({ type: 'problem', file: npm });
    expect(code).toBe(2);
  });
});

describe('a lockfile', () => {
  const lock = (versions: readonly string[]): string =>
    JSON.stringify({
      name: 'project',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: Object.fromEntries([
        ['', {}],
        ...versions.map((version, index) => [
          `node_modules/a${index}/node_modules/tar`,
          { version, resolved: 'https://registry.npmjs.org/tar/-/tar.tgz', integrity: 'sha512-x' },
        ]),
      ]),
    });

  it('with old versions of node-tar has their holes', async () => {
    place.put('project/package-lock.json', lock(['4.4.1', '6.1.0', '7.5.2']));
    const { code, lines } = await doctor();
    const of = (version: string): number =>
      lines.filter(({ component }) => component?.version === version).length;
    expect([of('4.4.1'), of('6.1.0'), of('7.5.2')]).toEqual([19, 18, 12]);
    expect(code).toBe(1);
  });

  it('with the current version has none', async () => {
    place.put('project/package-lock.json', lock(['7.5.22']));
    const { code, lines } = await doctor();
    expect(lines.map(({ type }) => type)).toEqual(['summary']);
    expect(code).toBe(0);
  });

  it('is read where it is named, and urgency decides about the exit code', async () => {
    place.put('elsewhere/package-lock.json', lock(['7.5.2']));
    const folder = join(place.root, 'elsewhere');
    expect((await doctor([folder])).code).toBe(1);
    expect((await doctor([folder, '--fail-on', 'high'])).code).toBe(0);
    expect((await doctor()).code).toBe(0);
  });

  it('that cannot be read is a problem', async () => {
    place.put('project/yarn.lock', '<<<<<<< HEAD\n');
    const { code, lines } = await doctor();
    expect(lines[0]?.type).toBe('problem');
    expect(code).toBe(2);
  });
});

const system = ['/usr/bin/python3', '/usr/bin/ruby', '/usr/bin/go'].filter((file) =>
  existsSync(file),
);

describe.skipIf(system.length < 3 || !existsSync('/usr/bin/dpkg-query'))('Debian', () => {
  it('has mended its Python, and may have mended others', async () => {
    for (const file of system) symlinkSync(file, join(bin, file.slice('/usr/bin/'.length)));
    const { code, lines } = await doctor();
    const found = lines.filter(({ type }) => type === 'hole');
    // A version number decides about no file of Debian's.
    expect(found.filter(({ state }) => state !== 'unknown')).toEqual([]);
    expect(lines.filter(({ type }) => type === 'problem')).toEqual([]);
    expect(holes(lines, 'cpython')).not.toContain('CVE-2025-4517');
    expect(lines.at(-1)).toMatchObject({ type: 'summary' });
    // The user can do no more than install the updates of the distribution.
    expect(code).toBe(0);
    expect((await doctor(['--strict'])).code).toBe(found.length === 0 ? 0 : 2);
  });

  it('makes a job red only for what is new', async () => {
    for (const file of system) symlinkSync(file, join(bin, file.slice('/usr/bin/'.length)));
    const run = async (...args: string[]) =>
      place.run(['doctor', ...args], { env: { PATH: bin }, cwd: project });
    const first = await run('--strict');
    const hint =
      /\nexit 2 because .* In a scheduled job, --since FILE lets only what is new count\n$/;
    expect(hint.test(first.stdout)).toBe(first.code === 2);
    const { stdout } = await run('--fail-on', 'none', '--reporter', 'json');
    const later = await run('--strict', '--since', place.put('before.json', stdout));
    expect(later.code).toBe(0);
  });
});

it('runs from a copy outside of the repository, and shows people the same', async () => {
  const copy = join(place.root, 'copy');
  cpSync(join(program, '..'), copy, { recursive: true });
  const args = [join(copy, 'tarwarden.js'), 'doctor'];
  const { code, stdout } = await execute(process.execPath, args, {
    cwd: project,
    env: { ...place.env, PATH: bin },
  });
  expect(stdout).toMatch(
    /^no known hole\nlooked at no package manager and 0 libraries; advisories of /,
  );
  expect(code).toBe(0);
});

describe('reports', () => {
  const lock = (version: string): string =>
    JSON.stringify({
      name: 'project',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: { '': {}, 'node_modules/extract-zip': { version } },
    });
  const run = async (...args: string[]) =>
    place.run(['doctor', ...args], { env: { PATH: bin }, cwd: project });

  it('SARIF names the lockfile from the root of the repository', async () => {
    rmSync(join(project, '.git'), { recursive: true });
    place.put('project/package-lock.json', lock('2.0.1'));
    const { code, stdout } = await run('--reporter', 'sarif');
    expect(JSON.parse(stdout)).toMatchObject({
      runs: [
        {
          results: [
            {
              ruleId: 'GHSA-jmr9-qjv8-65gv',
              locations: [
                { physicalLocation: { artifactLocation: { uri: 'project/package-lock.json' } } },
              ],
            },
          ],
        },
      ],
    });
    expect(code).toBe(1);
  });

  it('OpenVEX is the same twice, where the time is given', async () => {
    place.put('project/package-lock.json', lock('2.0.1'));
    const env = { PATH: bin, SOURCE_DATE_EPOCH: '1700000000' };
    const one = await place.run(['doctor', '--reporter', 'openvex'], { env, cwd: project });
    const other = await place.run(['doctor', '--reporter', 'openvex'], { env, cwd: project });
    expect(JSON.parse(one.stdout)).toMatchObject({
      timestamp: '2023-11-14T22:13:20.000Z',
      statements: [{ status: 'affected' }],
    });
    expect(other.stdout).toBe(one.stdout);
  });

  it('with --since have only what is new', async () => {
    place.put('project/package-lock.json', lock('2.0.1'));
    const { stdout } = await run('--reporter', 'json');
    const file = place.put('before.json', stdout);
    expect(await run('--since', file)).toMatchObject({ code: 0 });
    place.put('project/package-lock.json', lock('2.0.0'));
    const later = await run('--since', file);
    expect(later.code).toBe(1);
    expect(later.stdout).toContain('extract-zip 2.0.0');
  });

  it('with --since of something else are a mistake', async () => {
    const { code, stderr } = await run('--since', place.put('before.json', '{}'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/^tarwarden: .*before\.json is no report of "doctor --reporter json"\n/);
  });
});
