/** What the tests of go share: a project, a module proxy, and go with the built guard in front of it. */
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { execute, type Result } from '../execute.ts';
import { freshEach } from '../fresh-each.ts';
import { repository } from '../managers.ts';
import { findProgram } from '../programs.ts';
import { makeSandbox, type Sandbox } from '../sandbox.ts';
import { goSum } from './module-zip.ts';
import { startGoProxy, type GoProxy, type ProxyOptions } from './proxy.ts';

export { putFile as put } from '../put-file.ts';

const CLI = join(repository, 'packages/cli/bin/tarwarden.js');

/** The module that is hostile, or clean, in a test. */
export const SUBJECT = 'example.org/team/subject';
export const VERSION = 'v1.2.3';
export const MODULE = `${SUBJECT}@${VERSION}`;

export interface Bench {
  readonly proxy: GoProxy;
  readonly sandbox: Sandbox;
  readonly env: NodeJS.ProcessEnv;
  readonly modcache: string;
}

/** A project that needs the subject and prints its word. */
export async function makeGoBench(options: ProxyOptions = {}): Promise<Bench> {
  const proxy = await startGoProxy(options);
  const sandbox = makeSandbox({
    project: {
      'go.mod': `module example.org/project\n\ngo 1.21\n\nrequire ${SUBJECT} ${VERSION}\n`,
      'main.go': `package main\n\nimport "${SUBJECT}"\n\nfunc main() { println(subject.Word) }\n`,
    },
  });
  // go counts what it does in the background otherwise, after it has ended.
  sandbox.write({ 'go/telemetry/mode': 'off' }, sandbox.env['XDG_CONFIG_HOME']);
  const go = findProgram('go');
  if (go !== undefined) sandbox.command('go', go);
  const modcache = join(sandbox.root, 'modcache');
  const env = {
    ...sandbox.env,
    GOPROXY: proxy.url,
    GOMODCACHE: modcache,
    GOPATH: join(sandbox.root, 'gopath'),
    GOCACHE: join(repository, 'node_modules/.cache/go-build'),
    GOSUMDB: 'off',
    GOFLAGS: '-mod=mod -modcacherw',
    GOTOOLCHAIN: 'local',
  };
  return { proxy, sandbox, env, modcache };
}

export async function closeGoBench({ sandbox, proxy, modcache }: Bench): Promise<void> {
  makeWritable(modcache);
  sandbox.dispose();
  await proxy.close();
}

/** A bench for each test. */
export const useGoBench = (options: ProxyOptions = {}): Bench =>
  freshEach(() => makeGoBench(options), closeGoBench);

/** Modules are unpacked read-only. */
function makeWritable(folder: string): void {
  if (!existsSync(folder)) return;
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) makeWritable(join(folder, entry.name));
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** A program that starts the guard, and its options. */
  readonly by?: readonly string[];
}

/** `tarwarden go …`. */
export function guarded(
  { sandbox, env }: Bench,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Result> {
  const own = [process.execPath, CLI, 'go', ...args];
  const [first = '', ...words] = [...(options.by ?? []), ...own];
  return execute(first, words, {
    cwd: options.cwd ?? sandbox.project,
    env: { ...env, ...options.env },
  });
}

/** go without the guard. */
export function unguarded(
  { sandbox, env }: Bench,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Result> {
  return execute('go', args, {
    cwd: options.cwd ?? sandbox.project,
    env: { ...env, ...options.env },
  });
}

/** The folder that a module is unpacked into. */
export function unpackedAt({ modcache }: Bench, module = MODULE): string {
  return join(modcache, module);
}

/** As after a run that ended in the middle of unpacking. */
export function forgetFolder(bench: Bench): void {
  rmSync(unpackedAt(bench), { recursive: true, force: true });
}

/** Below the download cache. */
export function inCache({ modcache }: Bench, ...path: string[]): string {
  return join(modcache, 'cache/download', ...path);
}

/** A file of the versions of {@link SUBJECT} there. */
export function versionsAt(bench: Bench, name: string): string {
  return inCache(bench, SUBJECT, '@v', name);
}

/** The file of a module in the download cache. */
export function cachedAt(bench: Bench, kind: 'zip', module = MODULE): string {
  const at = module.lastIndexOf('@');
  return inCache(bench, module.slice(0, at), '@v', `${module.slice(at + 1)}.${kind}`);
}

/** A bench whose project asks for {@link MODULE}, with its sum. */
export async function makeLockedBench(): Promise<Bench> {
  const bench = await makeGoBench();
  bench.proxy.publish({ module: MODULE });
  bench.sandbox.write({ 'go.sum': goSum(MODULE) });
  return bench;
}

/** Downloads under the guard, which has to go well. */
export async function download(bench: Bench): Promise<void> {
  expect(await guarded(bench, ['mod', 'download'])).toMatchObject({ code: 0 });
}
