/** What the npm tests share: a project, a registry, and npm with the built guard in it. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import {
  repository,
  run,
  runBeside,
  type NpmName,
  type Result,
  type RunOptions,
} from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';

export const PRELOAD: string = join(repository, 'packages/npm-wrapper/dist/preload.cjs');
const WRAPPER = join(repository, 'packages/npm-wrapper/src/index.ts');

/** The package that is hostile, or clean, in a test. */
export const SUBJECT = 'tarwarden-subject';

export interface Bench {
  readonly npm: NpmName;
  readonly registry: Registry;
  readonly sandbox: Sandbox;
  /** Folder in which lifecycle scripts leave a file when they run. */
  readonly marks: string;
  /** package.json fields that make a lifecycle script and a command. */
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** A project with one clean dependency, declared and not installed, which has a lifecycle script. */
export async function makeBench(npm: NpmName): Promise<Bench> {
  const registry = await startRegistry();
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
    'package.json': {
      name: 'project',
      version: '1.0.0',
      dependencies: { 'tarwarden-neighbour': '1.0.0' },
    },
  });
  return { npm, registry, sandbox, marks, manifest };
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

/** npm without the guard, as the machine of somebody else would run it. */
export async function unguarded(
  bench: Bench,
  args: readonly string[],
  options: Options = {},
): Promise<Result> {
  return run(bench.npm, args, { sandbox: bench.sandbox, ...options });
}

/** npm with nothing of tarwarden but the variable, as in CI. */
export async function guarded(
  bench: Bench,
  args: readonly string[],
  options: Options = {},
): Promise<Result> {
  const env = { NODE_OPTIONS: `--require ${PRELOAD}`, ...options.env };
  return run(bench.npm, args, { sandbox: bench.sandbox, ...options, env });
}

/** npm by way of `runNpm`, as `tarwarden npm` does it. */
export async function wrapped(
  bench: Bench,
  args: readonly string[],
  options: Options = {},
): Promise<Result> {
  const script = join(bench.sandbox.root, 'wrapper.mjs');
  if (!existsSync(script)) {
    const library = join(bench.sandbox.root, 'npm-wrapper.cjs');
    await build({ entryPoints: [WRAPPER], outfile: library, bundle: true, platform: 'node' });
    writeFileSync(
      script,
      [
        `import { runNpm } from ${JSON.stringify(library)};`,
        `const preloadPath = ${JSON.stringify(PRELOAD)};`,
        'const [tool, ...args] = process.argv.slice(2);',
        'process.exitCode = await runNpm(tool, args, { env: process.env, preloadPath });',
        '',
      ].join('\n'),
    );
  }
  const { command = 'npm', ...rest } = options;
  return runBeside(bench.npm, script, [command, ...args], { sandbox: bench.sandbox, ...rest });
}

export type Guard = typeof guarded;

/** Which lifecycle scripts ran. */
export function scriptsRun(bench: Bench): string[] {
  return readdirSync(bench.marks).toSorted();
}
