/** Programs that inherit the guard and are not npm behave as without it; paths and options survive. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { execute } from '../../support/execute.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { nodePath, type NodeName } from '../../support/managers.ts';
import { closeBench, guarded, makeBench, PRELOAD, publish, SUBJECT, wrapped } from './guarded.ts';

const bench = freshEach(() => makeBench('npm-11'), closeBench);

const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  'commonjs main': ['main.cjs'],
  'esm main': ['main.mjs'],
  worker: ['worker.mjs'],
  'node --test': ['--test', '--test-reporter=tap', 'some.test.cjs'],
  evaluated: ['-e', 'console.log("ran", process.argv.length)'],
  'a script called npm-cli.js': ['bin/npm-cli.js'],
  'tar and pacote of a project': ['uses-tar.cjs'],
};

describe.each<NodeName>(['system', 'node-22', 'node-24'])('%s', (node) => {
  test.each(Object.entries(PROGRAMS))('runs as before: %s', async (_, args) => {
    bench.sandbox.write({
      'main.cjs': 'console.log("ran", require("node:path").sep, process.exitCode)',
      'main.mjs': 'import { sep } from "node:path"; console.log("ran", sep, await 1)',
      'worker.mjs': `import { isMainThread, Worker } from 'node:worker_threads';
        if (isMainThread) new Worker(new URL(import.meta.url)); else console.log('ran in a worker');`,
      'some.test.cjs': `require('node:test')('passes', () => {});`,
      'bin/npm-cli.js': 'console.log("ran")',
      'uses-tar.cjs': 'console.log(require("tar"), require("pacote"))',
      'node_modules/tar/index.js': 'module.exports = "tar"',
      'node_modules/pacote/index.js': 'module.exports = "pacote"',
    });
    const { project, env } = bench.sandbox;
    const plain = await execute(nodePath(node), args, { cwd: project, env });
    const inherited = await execute(nodePath(node), args, {
      cwd: project,
      env: { ...env, NODE_OPTIONS: `--require ${PRELOAD}` },
    });
    const untimed = (text: string): string => text.replaceAll(/duration_ms.*/g, '');
    expect(plain).toMatchObject({ code: 0 });
    expect({ ...inherited, stdout: untimed(inherited.stdout) }).toEqual({
      ...plain,
      stdout: untimed(plain.stdout),
    });
  });
});

test('a path with a space and a quote is kept whole', async () => {
  const folder = join(bench.sandbox.root, 'a "quoted" folder');
  mkdirSync(folder);
  for (const file of ['preload.cjs', 'guard.cjs', 'inspector.cjs', 'links-out.cjs']) {
    copyFileSync(join(dirname(PRELOAD), file), join(folder, file));
  }
  await wrapped(bench, ['--version']);
  const script = join(bench.sandbox.root, 'wrapper.mjs');
  const text = readFileSync(script, 'utf8');
  writeFileSync(
    script,
    text.replace(JSON.stringify(PRELOAD), JSON.stringify(join(folder, 'preload.cjs'))),
  );
  publish(bench, attack('symlink').build({ name: SUBJECT }));
  const result = await wrapped(bench, ['install', SUBJECT]);
  expect(result).toMatchObject({ code: 1 });
  expect(result.stderr).toContain(`refused ${SUBJECT}@1.0.0`);
});

test('the options of the user are kept', async () => {
  bench.sandbox.write({
    'package.json': { name: 'project', scripts: { show: 'node -p process.env.NODE_OPTIONS' } },
  });
  const run = ['run', '--silent', 'show'];
  const env = { NODE_OPTIONS: '--no-warnings' };
  expect(await wrapped(bench, run, { env })).toMatchObject({
    code: 0,
    stdout: `--require ${PRELOAD} --no-warnings\n`,
  });
  const both = { ...env, npm_config_node_options: '--max-old-space-size=512' };
  expect(await wrapped(bench, run, { env: both })).toMatchObject({
    code: 0,
    stdout: `--require ${PRELOAD} --max-old-space-size=512\n`,
  });
});

const NOTHING = 'nothing can be inspected, so nothing is installed';

test.each([
  ['guard', 97, 'the guard cannot be loaded'],
  ['inspector', 1, NOTHING],
  ['links-out', 1, NOTHING],
])('without %s.cjs beside it, the guard lets nothing in', async (missing, code, message) => {
  const folder = join(bench.sandbox.root, 'half');
  mkdirSync(folder);
  for (const one of ['preload', 'guard', 'inspector', 'links-out'].filter((one) => one !== missing))
    copyFileSync(join(dirname(PRELOAD), `${one}.cjs`), join(folder, `${one}.cjs`));
  const env = { NODE_OPTIONS: `--require ${join(folder, 'preload.cjs')}` };
  const result = await guarded(bench, ['install'], { env });
  expect(result).toMatchObject({ code });
  expect(result.stderr).toContain(message);
  expect(result.stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
});
