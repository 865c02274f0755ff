/** Compiled code that another user leaves in a shared temporary folder is not run in a guarded client. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { execute, type Result } from '../../support/execute.ts';
import { freshEach } from '../../support/fresh-each.ts';
import {
  available,
  nodePath,
  run,
  runBeside,
  type ManagerName,
  type NodeName,
} from '../../support/managers.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { program as TARWARDEN } from './sandbox.ts';

/** Those that keep compiled code. */
const NODES: readonly NodeName[] = ['node-22', 'node-24'];
/** Clients that have Node keep it. */
const CLIENTS: readonly [ManagerName, NodeName][] = [
  ['npm-10', 'node-22'],
  ['npm-11', 'node-24'],
  ['npm-12', 'node-24'],
  ['pnpm-10', 'node-22'],
  ['pnpm-11', 'node-24'],
];
/** Where the checksum of the source is, in a file of Node's cache. */
const CHECKSUM_AT = 12;

const sandbox = freshEach(() => makeSandbox());
let env: NodeJS.ProcessEnv;
let cache: string;
beforeEach(() => {
  const shared = join(sandbox.root, 'shared');
  mkdirSync(shared);
  chmodSync(shared, 0o1777);
  cache = join(shared, 'node-compile-cache');
  env = { TMPDIR: shared };
});

/** All that is in the cache. */
const kept = (): string[] =>
  existsSync(cache)
    ? readdirSync(cache).flatMap((name) =>
        readdirSync(join(cache, name)).map((file) => join(cache, name, file)),
      )
    : [];

describe.each(NODES.filter((node) => existsSync(nodePath(node))))('on %s', (node) => {
  const TEXT = { clean: "console.log('clean');   \n", hostile: "console.log('hostile'); \n" };

  const program = async (...args: string[]): Promise<Result> => {
    sandbox.command('node', nodePath(node));
    const PATH = `${join(sandbox.root, 'fakes')}:${sandbox.env['PATH'] ?? ''}`;
    const options = { cwd: sandbox.project, env: { ...sandbox.env, ...env, PATH } };
    return execute(args[0] ?? '', args.slice(1), options);
  };

  it('tarwarden itself keeps none', async () => {
    const { code } = await program(nodePath(node), TARWARDEN, 'rules');
    expect(code).toBe(0);
    expect(existsSync(cache)).toBe(false);
  });

  it('what is planted for a client runs without the guard, and not with it', async () => {
    const fakes = join(sandbox.root, 'fakes');
    const [client, library] = [join(fakes, 'pnpm'), join(fakes, 'library.cjs')];
    mkdirSync(fakes);
    const start = "require('node:module').enableCompileCache(); require('./library.cjs');";
    const version = "if (process.argv[2] === '--version') console.log('11.0.0'); else";
    writeFileSync(client, `#!/usr/bin/env node\n${version} { ${start} }\n`, { mode: 0o755 });
    writeFileSync(library, TEXT.hostile);
    expect((await program(client)).stdout).toBe('hostile\n');
    writeFileSync(library, TEXT.clean);
    // Whoever plants it says of which source it is.
    for (const file of kept()) {
      const bytes = readFileSync(file);
      bytes.writeUInt32LE(crc32(TEXT.clean), CHECKSUM_AT);
      writeFileSync(file, bytes);
    }
    chmodSync(cache, 0o777);
    expect((await program(client)).stdout).toBe('hostile\n');
    expect((await program(nodePath(node), TARWARDEN, 'pnpm', 'run')).stdout).toBe('clean\n');
  });
});

describe.each(CLIENTS.filter(([name, node]) => available(name, node).ok))('%s', (name, node) => {
  const [command = ''] = name.split('-');
  const args = ['root'];
  const guarded = async (): Promise<Result> =>
    runBeside(name, TARWARDEN, [command, ...args], { sandbox, node, env });

  it('neither reads nor writes a cache that others can write', async () => {
    mkdirSync(cache);
    chmodSync(cache, 0o777);
    expect(await guarded()).toMatchObject({ code: 0 });
    expect(kept()).toEqual([]);
    expect(await run(name, args, { sandbox, node, env })).toMatchObject({ code: 0 });
    expect(kept()).not.toEqual([]);
  });

  it('keeps its own, in a folder that nobody else can write', async () => {
    expect(await guarded()).toMatchObject({ code: 0 });
    expect(kept()).not.toEqual([]);
    expect(statSync(cache).mode & 0o777).toBe(0o700);
  });
});

describe('npm, guarded by NODE_OPTIONS alone', () => {
  it.skipIf(!available('npm-12').ok)('does not read what others can write', async () => {
    mkdirSync(cache);
    chmodSync(cache, 0o777);
    const { stdout } = await runBeside('npm-12', TARWARDEN, ['npm', '--print-env'], { sandbox });
    const NODE_OPTIONS = /--require \S*preload\.cjs/.exec(stdout)?.[0];
    expect(NODE_OPTIONS).toBeDefined();
    const own = { ...env, NODE_OPTIONS };
    expect(await run('npm-12', ['root'], { sandbox, env: own })).toMatchObject({ code: 0 });
    expect(kept()).toEqual([]);
  });
});
