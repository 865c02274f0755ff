/** Files that Node reads because arguments of a client name them: no repository gets its options into the guard by them. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { execute, type Result } from '../../support/execute.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { nodePath, type NodeName } from '../../support/managers.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { program as TARWARDEN } from './sandbox.ts';

const NODES: readonly NodeName[] = ['system', 'node-22', 'node-24'];
/** Those that know the options for a file of settings. */
const WITH_CONFIG: readonly NodeName[] = ['node-22', 'node-24'];
const CONFIG = [
  '--experimental-default-config-file',
  '--experimental-config-file=node.config.json',
];

const hasNode = (name: NodeName): boolean => existsSync(nodePath(name));

const sandbox = freshEach(() => makeSandbox());
let fakes: string;
beforeEach(() => {
  fakes = join(sandbox.root, 'fakes');
  mkdirSync(fakes);
  // Programs of Node, as the real ones are. None loads a guard, so that success becomes 98.
  writeFileSync(
    join(fakes, 'pnpm'),
    `#!/usr/bin/env node
if (process.argv[2] === '--version') console.log('11.0.0');
else console.log(JSON.stringify(process.argv.slice(2).filter((one) => !one.startsWith('--config.'))));
`,
    { mode: 0o755 },
  );
  sandbox.write({
    'x.cjs': "require('node:fs').appendFileSync('obeyed', `${process.argv[1]}\\n`);\n",
    'hostile.env': 'NODE_OPTIONS="--require ./x.cjs"\n',
    'plain.env': 'TARWARDEN_MODE=report\nHELLO=there\n',
    'node.config.json': { nodeOptions: { import: ['./x.cjs'] } },
    'show.cjs': 'console.log(process.env.TARWARDEN_MODE, process.env.HELLO);\n',
  });
});

const isObeyed = (): boolean => existsSync(join(sandbox.project, 'obeyed'));

const run = async (
  node: NodeName,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Result> => {
  sandbox.command('node', nodePath(node));
  const PATH = `${fakes}:${sandbox.env['PATH'] ?? ''}`;
  const all = { ...sandbox.env, PATH, ...env };
  return execute(nodePath(node), [...args], { cwd: sandbox.project, env: all });
};

describe.each(NODES.filter(hasNode))('%s', (node) => {
  it('takes no variable but NODE_OPTIONS from a file that is named behind its program', async () => {
    const { stdout } = await run(node, ['show.cjs', '--env-file=plain.env']);
    expect(stdout).toBe('undefined undefined\n');
    await run(node, ['show.cjs', '--env-file=hostile.env']);
    expect(isObeyed()).toBe(true);
  });

  it.each(['--env-file=hostile.env', '--env-file-if-exists=hostile.env'])(
    'has obeyed %s: the client is not run',
    async (option) => {
      const result = await run(node, [TARWARDEN, 'pnpm', 'run', 'x', option]);
      expect(result).toMatchObject({ code: 97, stdout: '' });
      expect(result.stderr).toContain('pnpm was not run');
      expect(result.stderr).toContain('tarwarden pnpm -- …');
      expect(await run(node, [TARWARDEN, 'scan', option])).toMatchObject({ code: 2, stdout: '' });
    },
  );

  it.each([
    [['pnpm', '--', 'run', 'x', '--env-file=hostile.env']],
    [['pnpm', 'run', 'x', '--', '--env-file=hostile.env']],
    [['pnpm', 'run', 'x', '--env-file=plain.env']],
    [['pnpm', 'run', 'x', '--env-file', 'plain.env']],
  ])('obeys nothing, in the guard or in the client: %j', async (args) => {
    const { stdout } = await run(node, [TARWARDEN, ...args]);
    const given = args.slice(args[1] === '--' ? 2 : 1);
    expect(JSON.parse(stdout)).toEqual(given);
    expect(isObeyed()).toBe(false);
  });

  it('obeys nothing where NODE_OPTIONS is set, even to nothing', async () => {
    for (const option of ['--env-file=hostile.env', CONFIG[1] ?? '']) {
      // oxlint-disable-next-line no-await-in-loop
      const { stdout } = await run(node, [TARWARDEN, 'pnpm', 'run', option], { NODE_OPTIONS: '' });
      expect(JSON.parse(stdout)).toEqual(['run', option]);
    }
    expect(isObeyed()).toBe(false);
  });

  it('obeys nothing behind a shim', async () => {
    const folder = join(sandbox.root, 'shims');
    await run(node, [TARWARDEN, 'shims', '--manager', 'pnpm', folder]);
    for (const option of ['--env-file=hostile.env', ...CONFIG]) {
      // oxlint-disable-next-line no-await-in-loop
      const { stdout } = await execute(join(folder, 'pnpm'), ['run', option], {
        cwd: sandbox.project,
        env: { ...sandbox.env, PATH: `${folder}:${fakes}:${sandbox.env['PATH'] ?? ''}` },
      });
      expect(stdout).toMatch(/^\["run","--/);
    }
    expect(isObeyed()).toBe(false);
  });
});

describe.each(WITH_CONFIG.filter(hasNode))('%s', (node) => {
  it.each(CONFIG)('has obeyed %s: the client is not run', async (option) => {
    for (const args of [
      ['run', option],
      ['--', 'run', option],
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      const result = await run(node, [TARWARDEN, 'pnpm', ...args]);
      expect(result).toMatchObject({ code: 97, stdout: '' });
      expect(result.stderr).toContain('NODE_OPTIONS= tarwarden pnpm …');
    }
    expect(isObeyed()).toBe(true);
  });
});
