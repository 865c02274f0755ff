/** An npm in which the guard cannot stand must not run, and one that ran without it must not look clean. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { execute, type Result } from '../../support/execute.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { envFor } from '../../support/managers.ts';
import { closeBench, guarded, makeBench, PRELOAD, publish, SUBJECT, wrapped } from './guarded.ts';

const bench = freshEach(() => makeBench('npm-11'), closeBench);

const MINIPASS = 'exports.Minipass = class { write() {} end() {} };';
const PACOTE = `
  class FetcherBase { async tarballStream(handler) { return handler(); } }
  exports.RegistryFetcher = class RegistryFetcher extends FetcherBase {};
  require('minipass');`;
const TAR = 'exports.Unpack = class { write() {} end() {} };';
const ARBORIST = `module.exports = class Arborist { buildIdealTree() {} rebuild() {} reify() {} };
  require('pacote');`;

interface FakeNpm {
  version?: string;
  modules?: Record<string, string>;
}

/** Something that calls itself npm, and says so on standard output when it is let run. */
async function runFake({ version = '11.99.0', modules = {} }: FakeNpm): Promise<Result> {
  const all = {
    minipass: MINIPASS,
    pacote: PACOTE,
    tar: TAR,
    '@npmcli/arborist': ARBORIST,
    ...modules,
  };
  const files = Object.entries(all).map(([name, code]) => [
    `fake/node_modules/${name}/index.js`,
    code,
  ]);
  bench.sandbox.write(
    {
      'fake/package.json': { name: 'npm', version, bin: { npm: 'bin/npm-cli.js' } },
      'fake/bin/npm-cli.js': `require('../lib/cli.js');\n`,
      'fake/lib/cli.js': `require('@npmcli/arborist'); console.log('installed');\n`,
      ...(Object.fromEntries(files) as Record<string, string>),
    },
    bench.sandbox.root,
  );
  const env = { ...bench.sandbox.env, NODE_OPTIONS: `--require ${PRELOAD}` };
  const main = join(bench.sandbox.root, 'fake/bin/npm-cli.js');
  return execute(process.execPath, [main, 'install'], { cwd: bench.sandbox.project, env });
}

/** Puts a script in npm's place. */
function replaceNpm(...lines: string[]): string {
  const folder = join(bench.sandbox.root, 'elsewhere');
  bench.sandbox.write({ npm: ['#!/bin/sh', ...lines, ''].join('\n') }, folder);
  chmodSync(join(folder, 'npm'), 0o755);
  return folder;
}

describe('an npm of unknown shape', () => {
  test('runs when it has what the guard needs', async () => {
    expect(await runFake({})).toMatchObject({ code: 0, stdout: 'installed\n', stderr: '' });
  });

  test.each<[string, FakeNpm]>([
    ['an older major', { version: '9.9.4' }],
    ['a newer major', { version: '13.0.0' }],
    [
      'pacote without tarballStream',
      { modules: { pacote: 'exports.RegistryFetcher = class {};' } },
    ],
    ['pacote without fetchers', { modules: { pacote: 'module.exports = {};' } }],
    ['minipass without end', { modules: { minipass: 'exports.Minipass = class { write() {} };' } }],
    ['minipass without write', { modules: { minipass: 'exports.Minipass = class { end() {} };' } }],
    ['minipass of another shape', { modules: { minipass: 'module.exports = {};' } }],
    ['tar without Unpack', { modules: { tar: 'module.exports = {};' } }],
    [
      'arborist without rebuild',
      {
        modules: {
          '@npmcli/arborist': 'module.exports = class { buildIdealTree() {} reify() {} };',
        },
      },
    ],
  ])('is not run: %s', async (_, fake) => {
    const result = await runFake(fake);
    expect(result).toMatchObject({ code: 97, stdout: '' });
    expect(result.stderr).toContain('tarwarden: refusing to run npm unguarded.');
    expect(result.stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
  });
});

describe('an npm that the guard does not see', () => {
  test('is told by the wrapper: a program that is not Node', async () => {
    const folder = replaceNpm('echo installed');
    const env = { PATH: `${folder}:${envFor('npm-11', bench)['PATH'] ?? ''}` };
    const script = join(bench.sandbox.root, 'wrapper.mjs');
    await wrapped(bench, ['--version']);
    const result = await execute(process.execPath, [script, 'npm', 'install'], {
      cwd: bench.sandbox.project,
      env: { ...bench.sandbox.env, ...env },
    });
    expect(result).toMatchObject({ code: 98, stdout: 'installed\n' });
    expect(result.stderr).toContain('UNCHECKED');
  });

  test('is told by the wrapper: a script that clears NODE_OPTIONS, and forges the status', async () => {
    const folder = replaceNpm(
      'unset NODE_OPTIONS',
      `echo '{"event":"armed","nonce":"guessed","npm":"11.0.0"}' >> "$TARWARDEN_NPM_STATUS"`,
    );
    await wrapped(bench, ['--version']);
    const result = await execute(
      process.execPath,
      [join(bench.sandbox.root, 'wrapper.mjs'), 'npm', 'install'],
      {
        cwd: bench.sandbox.project,
        env: { ...bench.sandbox.env, PATH: `${folder}:${bench.sandbox.env['PATH'] ?? ''}` },
      },
    );
    expect(result).toMatchObject({ code: 98 });
    expect(result.stderr).toContain('UNCHECKED');
  });

  test('is told by the guard: a loader that brings its own source', async () => {
    publish(bench, attack('symlink').build({ name: SUBJECT }));
    const loader = join(bench.sandbox.root, 'loader.mjs');
    writeFileSync(
      loader,
      `import { readFileSync } from 'node:fs';
       export async function load(url, context, next) {
         const result = await next(url, context);
         return result.format === 'commonjs' ? { ...result, source: readFileSync(new URL(url)) } : result;
       }\n`,
    );
    const env = { NODE_OPTIONS: `--require ${PRELOAD} --experimental-loader ${loader}` };
    const result = await guarded(bench, ['install', SUBJECT], { env });
    expect([1, 98]).toContain(result.code);
    expect(result.stderr).toMatch(/UNCHECKED|refused tarwarden-subject/);
  });
});

test('without npm on the PATH, the wrapper says so', async () => {
  await wrapped(bench, ['--version']);
  const script = join(bench.sandbox.root, 'wrapper.mjs');
  const result = await execute(process.execPath, [script, 'npm', 'install'], {
    cwd: bench.sandbox.project,
    env: { ...bench.sandbox.env, PATH: bench.sandbox.bin },
  });
  expect(result).toMatchObject({ code: 127 });
  expect(result.stderr).toContain('there is no npm on the PATH');
});

test('without the guard file, Node does not start npm', async () => {
  const env = { NODE_OPTIONS: `--require ${join(bench.sandbox.root, 'gone.cjs')}` };
  const result = await guarded(bench, ['install'], { env });
  expect(result.code).not.toBe(0);
  expect(result.stdout).toBe('');
  expect(result.stderr).toContain('gone.cjs');
});
