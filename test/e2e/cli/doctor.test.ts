/** `tarwarden doctor`, as it is built, on real managers and on the programs of this machine. */
import { chmodSync, cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
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

interface FoundHole {
  readonly id: string;
  readonly state: string;
  readonly component: { readonly name: string; readonly version: string };
}

interface Report {
  readonly holes: readonly FoundHole[];
  readonly problems: readonly { readonly message: string; readonly file?: string }[];
}

/** Runs doctor in the project, with a PATH of one folder unless another is given. */
async function doctor(
  args: readonly string[] = [],
  path = bin,
  cwd = project,
): Promise<Report & { readonly code: number | null }> {
  const { code, stdout } = await place.run(['doctor', '--json', ...args], {
    env: { PATH: path },
    cwd,
  });
  return { code, ...(JSON.parse(stdout) as Report) };
}

const idsOf = (holes: readonly FoundHole[], name: string): string[] =>
  holes.flatMap(({ id, component }) => (component.name === name ? [id] : []));

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

it('names the policy files that count, as text and in JSON', async () => {
  place.put('project/tarwarden.json', '{}');
  const options = { env: { PATH: bin }, cwd: project };
  const { stdout } = await place.run(['doctor'], options);
  expect(stdout).toMatch(/^policy {4}.*project\/tarwarden\.json \(the policy of this project\)\n/);
  const json = await place.run(['doctor', '--json'], options);
  expect(JSON.parse(json.stdout)).toMatchObject({
    policyFiles: [{ path: expect.stringMatching(/tarwarden\.json$/) as string, kind: 'project' }],
  });
});

describe.skipIf(process.platform === 'win32')('a manager', () => {
  it.each(inManager)('%s', async (name, command, file, own, ofTar) => {
    symlinkSync(join(runtimeFolder(name), file), join(bin, command));
    const { code, holes, problems } = await doctor();
    expect(problems).toEqual([]);
    expect(idsOf(holes, command)).toEqual(expect.arrayContaining(own));
    expect(idsOf(holes, 'tar')).toEqual(expect.arrayContaining(ofTar));
    if (own.length === 0) expect(idsOf(holes, command)).toEqual([]);
    if (ofTar.length === 0) expect(idsOf(holes, 'tar')).toEqual([]);
    expect(code).toBe(holes.length > 0 ? 1 : 0);
  });

  it('npm 10 has a pacote with a hole', async () => {
    symlinkSync(join(runtimeFolder('npm-10'), 'bin/npm-cli.js'), join(bin, 'npm'));
    const { holes } = await doctor();
    expect(idsOf(holes, 'pacote')).toContain('GHSA-w4pp-8pjf-rmxw');
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
    const { code, holes } = await doctor([], [modules, bin].join(':'), cwd);
    expect(existsSync(join(place.root, 'ran'))).toBe(false);
    expect(holes).toEqual([]);
    expect(code).toBe(0);
  });

  it('that the project does not use is examined with --machine', async () => {
    symlinkSync(join(runtimeFolder('yarn-1-21'), 'bin/yarn.js'), join(bin, 'yarn'));
    place.put('project/package-lock.json', '{"lockfileVersion":3,"packages":{}}');
    expect(await doctor()).toMatchObject({ code: 0, holes: [] });
    const { code, holes } = await doctor(['--machine']);
    expect(idsOf(holes, 'yarn')).toContain('CVE-2020-8131');
    expect(code).toBe(1);
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
    const { code, holes } = await doctor();
    const of = (version: string): number =>
      holes.filter(({ component }) => component.version === version).length;
    expect([of('4.4.1'), of('6.1.0'), of('7.5.2')]).toEqual([19, 18, 12]);
    expect(code).toBe(1);
  });

  it('with the current version has none', async () => {
    place.put('project/package-lock.json', lock(['7.5.22']));
    expect(await doctor()).toMatchObject({ code: 0, holes: [], problems: [] });
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
    const { code, problems } = await doctor();
    expect(problems).toMatchObject([{ file: expect.stringMatching(/yarn\.lock$/) as unknown }]);
    expect(code).toBe(2);
  });
});

const system = ['/usr/bin/python3', '/usr/bin/ruby', '/usr/bin/go'].filter((file) =>
  existsSync(file),
);

describe.skipIf(system.length < 3 || !existsSync('/usr/bin/dpkg-query'))('Debian', () => {
  it('may have fixed every hole of its Python, Ruby and Go', async () => {
    for (const file of system) symlinkSync(file, join(bin, file.slice('/usr/bin/'.length)));
    const { code, holes, problems } = await doctor();
    expect(holes.filter(({ state }) => state !== 'unknown')).toEqual([]);
    expect(problems).toEqual([]);
    expect(code).toBe(0);
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
    /^no hole is known to be open\nexamined no package manager and 0 libraries; advisories of /,
  );
  expect(code).toBe(0);
});
