/** The recipes of docs/publishing.md, taken out of the page and run as a job or a shell would run them. */
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { github } from '../support/ci.ts';
import { execute } from '../support/execute.ts';
import { envFor, repository } from '../support/managers.ts';

import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { startUploadRegistry, type UploadRegistry } from '../support/upload-registry.ts';
import { wheel, wheelFileName } from '../support/wheel.ts';
import { TARWARDEN } from './verify/world.ts';

const page = (name: string): string => readFileSync(join(repository, 'docs', name), 'utf8');

/** The code block below a heading of the page, without the indentation that a list gives it. */
function recipeOf(heading: string): string {
  const [, indent = '', text] =
    new RegExp(`^## ${heading}\n[^]*?^( *)\`\`\`\\w+\n([^]*?)^ *\`\`\`$`, 'm').exec(
      page('publishing.md'),
    ) ?? [];
  if (text === undefined) throw new RangeError(`no recipe below ${heading}`);
  return text.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
}

let registry: UploadRegistry;
let sandbox: Sandbox;
beforeEach(async () => {
  registry = await startUploadRegistry();
  sandbox = makeSandbox({ registry: registry.url });
  sandbox.npmrc(`//${new URL(registry.url).host}/:_authToken=secret`);
  symlinkSync(TARWARDEN, join(sandbox.bin, 'tarwarden'));
});
afterEach(async () => {
  sandbox.dispose();
  await registry.close();
});

/** The environment of a real shell, with a client on the PATH. */
function shell(client: 'npm-10' | 'pnpm-12'): NodeJS.ProcessEnv {
  const env = envFor(client, { sandbox });
  return { ...env, PATH: [env['PATH'], '/usr/bin', '/bin'].join(delimiter) };
}

describe('On GitHub', () => {
  const FETCH = /^ {6}- name: Fetch tarwarden\n(?: {8}.*\n)+/m;

  it('the command is fetched as docs/ci.md fetches it, which ci.test.ts runs', () => {
    const [fetch] = FETCH.exec(recipeOf('On GitHub')) ?? [];
    expect(fetch).toContain('sha512sum -c -');
    expect(page('ci.md')).toContain(fetch);
  });

  it.each([
    ['a release is published', {}, 0],
    ['a release is not published if its archive is refused', { 'readme.md': 'b\n' }, 1],
  ])('%s', async (_, files, code) => {
    const manifest = { name: 'p', version: '1.0.0' };
    const lock = { ...manifest, lockfileVersion: 3, packages: { '': manifest } };
    const own = { 'package.json': manifest, 'package-lock.json': lock, 'README.md': 'a\n' };
    sandbox.write({ ...own, ...files });
    const recipe = recipeOf('On GitHub').replace(FETCH, '');
    const ended = await github(recipe, { sandbox, env: shell('npm-10') });
    expect([ended.code, ended.output]).toEqual([code, expect.anything()]);
    expect(ended.steps).toEqual(['tarwarden npm ci', 'tarwarden npm publish']);
    expect(registry.uploads.map(({ path }) => path)).toEqual(code === 0 ? ['/p'] : []);
    if (code !== 0) expect(ended.output).toMatch(/^::error .*::p@1\.0\.0 was not published, /m);
  });
});

describe('Python and other programs', () => {
  const program = (name: string, script: string): void => {
    const file = join(sandbox.bin, name);
    rmSync(file, { force: true });
    writeFileSync(file, script);
    chmodSync(file, 0o755);
  };

  it.each([
    ['twine gets files that are accepted', wheel(), 'upload dist/'],
    [
      'twine gets no file if one is rejected',
      wheel({ record: (lines) => lines.map((line) => line.replace('sha256=', 'sha256=A')) }),
      '',
    ],
  ])('%s', async (_, bytes, started) => {
    const log = join(sandbox.root, 'twine');
    writeFileSync(log, '');
    mkdirSync(join(sandbox.project, 'dist'));
    writeFileSync(join(sandbox.project, 'dist', wheelFileName()), bytes);
    // The files were built before.
    program('python', '#!/bin/sh\n');
    program('twine', `#!/bin/sh\necho "$@" > "${log}"\n`);
    const env = shell('npm-10');
    env['PATH'] = [sandbox.bin, env['PATH']].join(delimiter);
    const recipe = recipeOf('Python and other programs');
    const { code } = await execute('/bin/bash', ['-e', '-c', recipe], {
      cwd: sandbox.project,
      env,
    });
    expect(code === 0).toBe(started !== '');
    expect(readFileSync(log, 'utf8')).toContain(started);
    expect(readFileSync(log, 'utf8') === '').toBe(started === '');
  });
});

it.each([
  ['is published', {}, 0],
  ['is not published if it is rejected', { 'readme.md': 'b\n' }, 1],
])('pnpm 11 and 12, and bun: what was packed %s', async (_, files, code) => {
  sandbox.write({ 'package.json': { name: 'p', version: '1.0.0' }, 'README.md': 'a\n', ...files });
  const recipe = recipeOf('pnpm 11 and 12, and bun');
  const ended = await execute('/bin/bash', ['-e', '-c', recipe], {
    cwd: sandbox.project,
    env: shell('pnpm-12'),
  });
  expect(ended).toMatchObject({ code });
  if (code !== 0) expect(ended.stdout).toContain('name-collision');
  expect(registry.uploads.map(({ path }) => path)).toEqual(code === 0 ? ['/p'] : []);
});
