/** What the pnpm tests share: a project, a registry, and pnpm with the built hook in its pnpmfile. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshEach } from '../../support/fresh-each.ts';
import {
  repository,
  run,
  type AnyPnpmName,
  type Result,
  type RunOptions,
} from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { startRegistry, type RegistryOptions } from '../../support/registry.ts';
import { makeSandbox, tree } from '../../support/sandbox.ts';
import { closeUntouched, SUBJECT, type RegistryBench } from '../bench.ts';

export { closeBench, closeUntouched, SUBJECT } from '../bench.ts';

export const HOOK: string = join(repository, 'packages/pnpm-hook/dist/index.cjs');

/** Installs that write the lockfile, and that leave it alone. */
export const FRESH: readonly string[] = ['install', '--no-frozen-lockfile'];
export const FROZEN: readonly string[] = ['install', '--frozen-lockfile'];

export interface Bench extends RegistryBench {
  readonly pnpm: AnyPnpmName;
}

/** A project with one clean dependency, declared and not installed. */
export async function makeBench(pnpm: AnyPnpmName, options: RegistryOptions = {}): Promise<Bench> {
  const registry = await startRegistry(options);
  const sandbox = makeSandbox({ registry: registry.url, ci: true });
  registry.publish({ name: 'tarwarden-neighbour' });
  const bench = { pnpm, registry, sandbox };
  sandbox.write({
    // It stays as it is when the guard comes and goes.
    '.pnpmfile.cjs': `module.exports = require(${JSON.stringify(switchFile(bench))})\n`,
  });
  declare(bench, {});
  setGuard(bench, true);
  return bench;
}

/** A bench for each test. After the test its sentinel must be untouched. */
export const useBench = (...args: Parameters<typeof makeBench>): Bench =>
  freshEach(() => makeBench(...args), closeUntouched);

/** package.json of the project, with dependencies besides the neighbour. */
export function declare(bench: Bench, more: Readonly<Record<string, object>>): void {
  const { dependencies, ...rest } = more;
  const manifest = { name: 'project', version: '1.0.0', private: true };
  bench.sandbox.write({
    'package.json': {
      ...manifest,
      ...rest,
      dependencies: { 'tarwarden-neighbour': '1.0.0', ...dependencies },
    },
  });
}

function switchFile({ sandbox }: Bench): string {
  return join(sandbox.root, 'switch.cjs');
}

/** Puts the hook where the project's pnpmfile looks, or nothing, or another pnpmfile. */
export function setGuard(bench: Bench, on: boolean | string): void {
  const inert = 'module.exports = {}\n';
  const guard = `module.exports = require(${JSON.stringify(HOOK)})\n`;
  writeFileSync(switchFile(bench), typeof on === 'string' ? on : on ? guard : inert);
}

/** Publishes the subject, whatever its bytes are. */
export function publish(bench: Bench, bytes: Uint8Array, version = '1.0.0', tag = 'latest'): void {
  const manifest = { bin: { [SUBJECT]: './index.js' } };
  bench.registry.publish({ name: SUBJECT, version, tgz: bytes, manifest, tag });
}

export function cleanTarball(version = '1.0.0'): Buffer {
  const files = { 'index.js': '#!/usr/bin/env node\nconsole.log("ran");\n' };
  const manifest = { bin: { [SUBJECT]: './index.js' } };
  return tgz({ name: SUBJECT, version, manifest, files });
}

export type Options = Partial<RunOptions>;

/** pnpm as the project is set up. */
export async function pnpm(
  bench: Bench,
  args: readonly string[],
  options: Options = {},
): Promise<Result> {
  return run(bench.pnpm, args, { sandbox: bench.sandbox, ...options });
}

/** pnpm as the machine of somebody else would run it. Throws where pnpm itself refuses. */
export async function unguarded(bench: Bench, args: readonly string[]): Promise<void> {
  setGuard(bench, false);
  const result = await pnpm(bench, args);
  setGuard(bench, true);
  if (result.code !== 0) throw new UnguardedFailure(`${result.stdout}\n${result.stderr}`);
}

/** pnpm does not install this by itself, so that it cannot be in a lockfile or a store. */
export class UnguardedFailure extends Error {}

/** Everything that it printed, with the lines joined that pnpm 12 breaks to the width of a terminal. */
export function printed({ stdout, stderr }: Result): string {
  return `${stdout}${stderr}`.replaceAll(/\n[ │]*/g, ' ');
}

export function forget(
  bench: Bench,
  ...what: ('store' | 'modules' | 'lockfile' | 'verdicts')[]
): void {
  const { sandbox } = bench;
  const paths = {
    store: [sandbox.pnpmStore, join(sandbox.root, 'xdg/data/pnpm/store')],
    modules: [join(sandbox.project, 'node_modules')],
    lockfile: [join(sandbox.project, 'pnpm-lock.yaml')],
    verdicts: [join(sandbox.root, 'xdg/cache/tarwarden')],
  };
  for (const path of what.flatMap((one) => paths[one]))
    rmSync(path, { recursive: true, force: true });
}

export interface Surroundings {
  /** Everything of the project but node_modules: package.json and lockfile among it. */
  readonly project: string[];
  /** Whatever has the subject's name where packages are linked. */
  readonly linked: string[];
}

const inModules = (line: string): boolean => /[ /]node_modules(?:[/ ]|$)/.test(line);

/** pnpm links a clean package to what it depends on while it still asks for that, so that a refusal can leave a link to nothing. */
function leadsNowhere(folder: string, line: string): boolean {
  const path = /^link (.*?) -> /.exec(line)?.[1];
  return path !== undefined && !existsSync(join(folder, path));
}

function linkedIn(folder: string): string[] {
  return tree(folder).filter(
    (line) =>
      inModules(line) &&
      line.includes(SUBJECT) &&
      !line.includes('/store/v') &&
      !leadsNowhere(folder, line),
  );
}

/** What a refused install must leave as it was; `separate`, but for lockfiles of projects without the subject. */
export function surroundings({ sandbox }: Bench, separate = false): Surroundings {
  const { project, pnpmHome, root } = sandbox;
  const innocent = (line: string): boolean => separate && / (?:one\/)?pnpm-lock\.yaml /.test(line);
  return {
    project: tree(project).filter((line) => !inModules(line) && !innocent(line)),
    linked: [project, pnpmHome, join(root, 'xdg/data')].flatMap(linkedIn),
  };
}
