/** What the tests of Yarn 1 share: a project, a registry, and the real Yarn under `tarwarden yarn`. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { freshEach } from '../../support/fresh-each.ts';
import {
  repository,
  run,
  runBeside,
  type Result,
  type RunOptions,
  type YarnClassicName,
} from '../../support/managers.ts';
import { attack } from '../../support/attacks.ts';
import type { RegistryOptions } from '../../support/registry.ts';
import type { Sandbox } from '../../support/sandbox.ts';
import {
  closeUntouched,
  makeScriptBench,
  scriptsRun,
  SUBJECT,
  type ScriptBench,
} from '../bench.ts';

export { cleanTarball, closeBench, publish, scriptsRun, SUBJECT } from '../bench.ts';

const MAIN = join(repository, 'packages/cli/bin/tarwarden.js');

export interface Bench extends ScriptBench {
  readonly yarn: YarnClassicName;
}

export const PROJECT = { name: 'project', version: '1.0.0', private: true } as const;

export async function makeBench(
  yarn: YarnClassicName = 'yarn-1',
  options: RegistryOptions = {},
): Promise<Bench> {
  return { yarn, ...(await makeScriptBench(PROJECT, options)) };
}

/** A bench for each test. After the test its sentinel must be untouched. */
export const useBench = (...args: Parameters<typeof makeBench>): Bench =>
  freshEach(() => makeBench(...args), closeUntouched);

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
