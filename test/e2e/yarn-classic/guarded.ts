/** What the tests of Yarn 1 share: a project, a registry, and the real Yarn under `tarwarden yarn`. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import {
  repository,
  run,
  runBeside,
  type Result,
  type RunOptions,
  type YarnClassicName,
} from '../../support/managers.ts';
import { attack } from '../../support/attacks.ts';
import { tgz } from '../../support/pkg.ts';
import { startRegistry, type Registry, type RegistryOptions } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';

const MAIN = join(repository, 'packages/cli/bin/tarwarden.js');

/** The package that is hostile, or clean, in a test. */
export const SUBJECT = 'tarwarden-subject';

export interface Bench {
  readonly yarn: YarnClassicName;
  readonly registry: Registry;
  readonly sandbox: Sandbox;
  /** Folder in which lifecycle scripts leave a file when they run. */
  readonly marks: string;
  /** package.json fields that make a lifecycle script and a command. */
  readonly manifest: Readonly<Record<string, unknown>>;
}

export const PROJECT = { name: 'project', version: '1.0.0', private: true } as const;

/** A project with one clean dependency, declared and not installed, which has a lifecycle script. */
export async function makeBench(
  yarn: YarnClassicName = 'yarn-1',
  options: RegistryOptions = {},
): Promise<Bench> {
  const registry = await startRegistry(options);
  const sandbox = makeSandbox({ registry: registry.url });
  const marks = join(sandbox.root, 'marks');
  mkdirSync(marks);
  const manifest = {
    bin: { [SUBJECT]: './index.js' },
    scripts: { postinstall: `touch ${join(marks, 'subject')}` },
  };
  registry.publish({
    name: 'tarwarden-neighbour',
    manifest: { scripts: { postinstall: `touch ${join(marks, 'neighbour')}` } },
  });
  sandbox.write({
    'package.json': { ...PROJECT, dependencies: { 'tarwarden-neighbour': '1.0.0' } },
  });
  return { yarn, registry, sandbox, marks, manifest };
}

export async function closeBench(bench: Bench): Promise<void> {
  bench.sandbox.dispose();
  await bench.registry.close();
}

/** Checks that nothing was written to the sentinel, and closes the bench. */
export async function closeUntouched(bench: Bench): Promise<void> {
  bench.sandbox.assertSentinelUntouched();
  await closeBench(bench);
}

/** A clean package with the manifest of the bench, whose command works. */
export function cleanTarball(
  bench: Bench,
  options: { name?: string; version?: string } = {},
): Buffer {
  const { name = SUBJECT, version = '1.0.0' } = options;
  const files = { 'index.js': '#!/usr/bin/env node\nconsole.log("ran");\n' };
  return tgz({ name, version, manifest: bench.manifest, files });
}

/** Publishes the subject, whatever it is, under the manifest that it claims. */
export function publish(bench: Bench, bytes: Buffer): void {
  bench.registry.publish({ name: SUBJECT, tgz: bytes, manifest: bench.manifest });
}

export type Options = Partial<RunOptions>;
export type Guard = typeof guarded;

const environment = ({ sandbox }: Bench, env?: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  YARN_CACHE_FOLDER: cacheOf(sandbox),
  ...env,
});

export const cacheOf = (sandbox: Sandbox): string => join(sandbox.root, 'yarn-1-cache');

/** Yarn without the guard, as the machine of somebody else would run it. */
export async function unguarded(
  bench: Bench,
  args: readonly string[],
  options: Options = {},
): Promise<Result> {
  const env = environment(bench, options.env);
  return run(bench.yarn, args, { sandbox: bench.sandbox, ...options, env });
}

/** `tarwarden yarn …`. */
export async function guarded(
  bench: Bench,
  args: readonly string[],
  options: Options = {},
): Promise<Result> {
  const env = environment(bench, options.env);
  const given = ['yarn', '--', ...args];
  return runBeside(bench.yarn, MAIN, given, { sandbox: bench.sandbox, ...options, env });
}

/** Which lifecycle scripts ran. */
export function scriptsRun(bench: Bench): string[] {
  return readdirSync(bench.marks).toSorted();
}

export const installedIn = ({ sandbox }: Bench): string =>
  join(sandbox.project, 'node_modules', SUBJECT);

/** What Yarn's cache holds of a package. */
export function cached({ sandbox }: Bench, name: string = SUBJECT): string {
  const folder = join(cacheOf(sandbox), 'v6');
  const found = readdirSync(folder).find((one) => one.startsWith(`npm-${name}-`));
  if (found === undefined) throw new Error(`no ${name} in ${folder}`);
  return join(folder, found, 'node_modules', name);
}

export const lockfileOf = ({ sandbox }: Bench): string | undefined => {
  const file = join(sandbox.project, 'yarn.lock');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};

/** Fails where a step that only prepares does. */
export async function must(step: Promise<Result>): Promise<Result> {
  const result = await step;
  if (result.code !== 0) throw new Error(`exit ${result.code}: ${result.stderr}${result.stdout}`);
  return result;
}

/** The subject with a path twice, of different content: what Yarn alone would install. */
export function duplicate({ manifest }: Bench): Buffer {
  return attack('duplicate-path').build({ name: SUBJECT, manifest });
}

/** The subject was refused, nothing of it is there, and none of its scripts ran. */
export function expectRefused(bench: Bench, result: Result): void {
  expect(result).toMatchObject({ code: 1 });
  expect(result.stderr).toContain(`refused ${SUBJECT}@1.0.0`);
  expect(scriptsRun(bench)).toEqual([]);
  expect(existsSync(installedIn(bench))).toBe(false);
}

/** Takes away what an install made, but for the cache and the lockfile. */
export function forgetModules({ sandbox, marks }: Bench): void {
  rmSync(join(sandbox.project, 'node_modules'), { recursive: true, force: true });
  rmSync(marks, { recursive: true, force: true });
  mkdirSync(marks);
}
