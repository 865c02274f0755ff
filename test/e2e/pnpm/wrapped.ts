/** What the tests of `tarwarden pnpm` share: a project without any pnpmfile of ours, and the command line of tarwarden. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  repository,
  run,
  runBeside,
  type AnyPnpmName,
  type Result,
  type RunOptions,
} from '../../support/managers.ts';
import { startRegistry } from '../../support/registry.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { declare, SUBJECT, type Bench } from './guarded.ts';

export const TARWARDEN: string = join(repository, 'packages/cli/bin/tarwarden.js');

/** A project that depends on the subject and has no pnpmfile. */
export async function makeWrapped(pnpm: AnyPnpmName): Promise<Bench> {
  const registry = await startRegistry();
  const sandbox = makeSandbox({ registry: registry.url, ci: true });
  registry.publish({ name: 'tarwarden-neighbour' });
  const bench = { pnpm, registry, sandbox };
  declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } });
  return bench;
}

export type Options = Partial<RunOptions>;

/** `tarwarden pnpm ARG…`, or pnpx, with the pnpm of the bench on the PATH. */
export async function wrapped(
  bench: Bench,
  args: readonly string[],
  options: Options & { tool?: 'pnpm' | 'pnpx' } = {},
): Promise<Result> {
  const { tool = 'pnpm', ...rest } = options;
  return runBeside(bench.pnpm, TARWARDEN, [tool, ...args], { sandbox: bench.sandbox, ...rest });
}

/** The same pnpm without the guard. */
export async function plain(
  bench: Bench,
  args: readonly string[],
  options: Options = {},
): Promise<Result> {
  return run(bench.pnpm, args, { sandbox: bench.sandbox, ...options });
}

export function lockfile(bench: Bench): string {
  const file = join(bench.sandbox.project, 'pnpm-lock.yaml');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

export function linked(bench: Bench, name = SUBJECT, folder = '.'): boolean {
  return existsSync(join(bench.sandbox.project, folder, 'node_modules', name));
}
