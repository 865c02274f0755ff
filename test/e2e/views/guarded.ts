/** Which archives the built guards refuse, many in one project. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SENTINEL } from '../../support/attacks.ts';
import {
  repository,
  run,
  runBeside,
  type ManagerName,
  type Result,
  type RunOptions,
} from '../../support/managers.ts';
import { startRegistry } from '../../support/registry.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { guardSetUp } from './guard-set-up.ts';
import { nameOf, PATIENCE, type Sample } from './observe.ts';

const CLI = join(repository, 'packages/cli/bin/tarwarden.js');

/** `leaked`: refused by name, and yet something of it lies in node_modules. */
export type Guarded = 'refused' | 'failed' | 'passed' | 'leaked';

/** Flags of an install without lifecycle scripts. */
function flagsOf(manager: ManagerName): readonly string[] {
  if (manager === 'bun') return ['install', '--ignore-scripts'];
  if (manager.startsWith('npm')) return ['install', '--ignore-scripts', '--no-audit'];
  if (manager === 'yarn-1') return ['install', '--ignore-scripts'];
  return ['install', manager.startsWith('pnpm') ? '--ignore-scripts' : '--mode=skip-build'];
}

/** Digest of the built guard of a manager; undefined where it has none. */
export function guardBuild(manager: ManagerName): string | undefined {
  if (guardSetUp(manager) === undefined && manager !== 'bun') return undefined;
  const hash = createHash('sha256');
  const files =
    manager === 'bun'
      ? ['bun-wrapper/guard/scanner.mjs', 'npm-wrapper/dist/inspector.cjs']
      : manager.startsWith('npm')
        ? ['npm-wrapper/dist/preload.cjs', 'npm-wrapper/dist/inspector.cjs']
        : manager.startsWith('pnpm')
          ? ['pnpm-hook/dist/index.cjs', 'pnpm-hook/dist/fetch.cjs']
          : manager === 'yarn-1'
            ? ['yarn-classic-wrapper/dist/preload.cjs', 'yarn-classic-wrapper/dist/inspector.cjs']
            : ['yarn-plugin/dist/plugin-tarwarden.cjs'];
  for (const file of files) hash.update(readFileSync(join(repository, 'packages', file)));
  return hash.digest('hex').slice(0, 16);
}

/** Runs the manager, or what starts it guarded. */
async function start(manager: ManagerName, options: RunOptions): Promise<Result> {
  const flags = flagsOf(manager);
  if (manager !== 'bun') return run(manager, flags, options);
  return runBeside(manager, CLI, [manager, ...flags], options);
}

/**
 * Installs the samples under the guard until nothing is refused any more, each round without those that were. For each
 * sample: the guard named it in a refusal of an install that failed, the install failed without naming it, or it passed.
 */
export async function refusedBy(
  manager: ManagerName,
  samples: readonly Sample[],
): Promise<Map<string, Guarded>> {
  const guard = manager === 'bun' ? {} : guardSetUp(manager);
  if (guard === undefined) throw new RangeError(`${manager} has no guard`);
  const registry = await startRegistry();
  const sandbox = makeSandbox({ registry: registry.url });
  sandbox.npmrc('fetch-retries=0');
  const installed = (one: Sample): string => join(sandbox.project, 'node_modules', nameOf(one));
  const refused = new Map<string, Guarded>(samples.map(({ id }) => [id, 'passed']));
  try {
    for (const sample of samples) {
      const name = nameOf(sample);
      registry.publish({ name, tgz: sample.build({ name, target: SENTINEL }) });
    }
    const pending = [[...samples]];
    for (let batch = pending.pop(); batch !== undefined; batch = pending.pop()) {
      if (batch.length === 0) continue;
      rmSync(sandbox.project, { recursive: true, force: true });
      const names = Object.fromEntries(batch.map((one) => [nameOf(one), '1.0.0']));
      // A refused optional one fails the install as well, after the others were looked at.
      const kind = batch.length > 1 ? 'optionalDependencies' : 'dependencies';
      sandbox.write({ 'package.json': { name: 'project', version: '1.0.0', [kind]: names } });
      guard.before?.(sandbox);
      const result = await start(manager, {
        sandbox,
        timeout: PATIENCE + 1000 * batch.length,
        ...(guard.env && { env: guard.env }),
      });
      if (result.code === 0) {
        // npm skips an optional dependency that it cannot read, pnpm 11 one whose name speaks of another system.
        for (const one of batch) {
          if (existsSync(installed(one))) continue;
          if (batch.length > 1) pending.push([one]);
          else refused.set(one.id, 'failed');
        }
        continue;
      }
      const named = new Set(
        [...`${result.stdout}\n${result.stderr}`.matchAll(/refused (tw-[a-z0-9-]+)/g)].map(
          ([, name]) => name,
        ),
      );
      const stopped = batch.filter((one) => named.has(nameOf(one)));
      for (const one of stopped)
        refused.set(one.id, existsSync(installed(one)) ? 'leaked' : 'refused');
      if (stopped.length > 0) pending.push(batch.filter((one) => !stopped.includes(one)));
      else if (batch.length > 1)
        pending.push(batch.slice(batch.length / 2), batch.slice(0, batch.length / 2));
      else for (const one of batch) refused.set(one.id, 'failed');
    }
    sandbox.assertSentinelUntouched();
    return refused;
  } finally {
    await registry.close();
    sandbox.dispose();
  }
}
