/** What the bun tests share: a project, a registry, and bun with the built guard in it. */
import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { attack } from '../../support/attacks.ts';
import { freshEach } from '../../support/fresh-each.ts';
import {
  repository,
  run,
  runBeside,
  type Result,
  type RunOptions,
} from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { startRegistry, type RegistryOptions } from '../../support/registry.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { closeUntouched, SUBJECT, type RegistryBench } from '../bench.ts';

export { closeBench, closeUntouched, SUBJECT } from '../bench.ts';

const MAIN = join(repository, 'packages/cli/bin/tarwarden.js');

export type Bench = RegistryBench;

export type Options = Partial<RunOptions>;

export async function makeBench(options: RegistryOptions = {}): Promise<Bench> {
  const registry = await startRegistry(options);
  const sandbox = makeSandbox({ registry: registry.url });
  registry.publish({ name: 'tarwarden-neighbour' });
  return { registry, sandbox };
}

/** A bench for each test. After the test its sentinel must be untouched. */
export const useBench = (...args: Parameters<typeof makeBench>): Bench =>
  freshEach(() => makeBench(...args), closeUntouched);

/** package.json fields of the subject, which make a command. */
export const MANIFEST = { bin: { [SUBJECT]: './index.js' } };

/** A clean package whose command works. */
export function cleanTarball(name: string = SUBJECT, version = '1.0.0'): Buffer {
  const files = { 'index.js': '#!/usr/bin/env node\nconsole.log("ran");\n' };
  return tgz({ name, version, manifest: MANIFEST, files });
}

/** Publishes the subject, whatever it is, under the manifest that it claims. */
export function publish(bench: Bench, bytes: Buffer): void {
  bench.registry.publish({ name: SUBJECT, tgz: bytes, manifest: MANIFEST });
}

/** bun without the guard. */
export async function bare(
  { sandbox }: Bench,
  args: readonly string[],
  options: Options = {},
): Promise<Result> {
  return run('bun', args, { sandbox, ...options });
}

/** `tarwarden bun …`, or another command of tarwarden. */
export async function guarded(
  { sandbox }: Bench,
  args: readonly string[],
  { command = 'bun', ...options }: Options = {},
): Promise<Result> {
  return runBeside('bun', MAIN, [command, ...args], { sandbox, ...options });
}

export function packageJson(fields: object): Readonly<Record<string, object>> {
  return { 'package.json': { name: 'project', version: '1.0.0', ...fields } };
}

/** Where the subject lies in a project. */
export function installed({ sandbox }: Bench, name: string = SUBJECT): string {
  return join(sandbox.project, 'node_modules', name);
}

export function forget({ sandbox }: Bench): void {
  rmSync(join(sandbox.project, 'node_modules'), { recursive: true, force: true });
}

export function hasLanded(bench: Bench, name: string = SUBJECT): boolean {
  return existsSync(installed(bench, name));
}

/** What no guard lets pass. */
export const hostile = attack('symlink').build({ name: SUBJECT, manifest: MANIFEST });

/** By path in the project. */
export type Files = Readonly<Record<string, string | object>>;

/** A project that asks for the package. */
export function writeProject({ sandbox }: Bench, files: Files = {}, fields: object = {}): void {
  sandbox.write({
    ...packageJson({ dependencies: { [SUBJECT]: '1.0.0' }, ...fields }),
    ...files,
  });
}

/** Answers with these, one after the other; the last again and again. */
export async function serveInTurn(
  ...answers: readonly Buffer[]
): Promise<{ url: string; asked: () => number; close: () => Promise<void> }> {
  let asked = 0;
  const server = createServer((_, response) => {
    response.end(answers[Math.min(asked++, answers.length - 1)]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/t.tgz`,
    asked: () => asked,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
