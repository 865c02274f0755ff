/** What the tests of npm, pnpm, Yarn 1 and bun share: a project and a registry with one package that is hostile, or clean. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { tgz } from '../support/pkg.ts';
import { startRegistry, type Registry, type RegistryOptions } from '../support/registry.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

/** The package that is hostile, or clean, in a test. */
export const SUBJECT = 'tarwarden-subject';

export interface RegistryBench {
  readonly registry: Registry;
  readonly sandbox: Sandbox;
}

export async function closeBench(bench: RegistryBench): Promise<void> {
  bench.sandbox.dispose();
  await bench.registry.close();
}

/** Checks that nothing was written to the sentinel, and closes the bench. */
export async function closeUntouched(bench: RegistryBench): Promise<void> {
  bench.sandbox.assertSentinelUntouched();
  await closeBench(bench);
}

/** A bench whose packages have lifecycle scripts. */
export interface ScriptBench extends RegistryBench {
  /** Folder in which lifecycle scripts leave a file when they run. */
  readonly marks: string;
  /** package.json fields that make a lifecycle script and a command. */
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** A project with one clean dependency, declared and not installed, which has a lifecycle script. */
export async function makeScriptBench(
  project: object,
  options: RegistryOptions = {},
): Promise<ScriptBench> {
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
    'package.json': { ...project, dependencies: { 'tarwarden-neighbour': '1.0.0' } },
  });
  return { registry, sandbox, marks, manifest };
}

/** A clean package with the manifest of the bench, whose command works. */
export function cleanTarball(
  bench: ScriptBench,
  options: { name?: string; version?: string } = {},
): Buffer {
  const { name = SUBJECT, version = '1.0.0' } = options;
  const files = { 'index.js': '#!/usr/bin/env node\nconsole.log("ran");\n' };
  return tgz({ name, version, manifest: bench.manifest, files });
}

/** Publishes the subject, whatever it is, under the manifest that it claims. */
export function publish(bench: ScriptBench, bytes: Buffer): void {
  bench.registry.publish({ name: SUBJECT, tgz: bytes, manifest: bench.manifest });
}

/** Which lifecycle scripts ran. */
export function scriptsRun(bench: ScriptBench): string[] {
  return readdirSync(bench.marks).toSorted();
}
