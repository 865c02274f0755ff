/** What the real managers make of many archives at once: each is a package of its own in one project. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { SENTINEL } from '../../support/attacks.ts';
import { run, type ManagerName, type Result } from '../../support/managers.ts';
import { startRegistry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import type { SetUp } from './guard-set-up.ts';

/** Something that has a tarball: an attack, or an oddity of real packages. */
export interface Sample {
  readonly id: string;
  build(options?: { name?: string; target?: string }): Buffer;
}

/** One thing that an install left on disk. `sha256` for files, `target` for links; modes are permission bits. */
export type Seen =
  | { readonly kind: 'file'; readonly mode: number; readonly sha256: string }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'directory' | 'other' };

/** What came of one archive: what lies where the package should, or that nothing does. */
export type Observation =
  | { readonly outcome: 'error'; readonly hangs?: true }
  | { readonly outcome: 'installs'; readonly files: ReadonlyMap<string, Seen> };

export const nameOf = (sample: Sample): string => `tw-${sample.id}`;

/** Milliseconds after which an install is taken to hang, besides a second for each sample. */
export const PATIENCE = 60_000;

/** Flags of an install without lifecycle scripts, audits and retries. */
const COMMANDS: Readonly<Record<ManagerName, readonly string[]>> = {
  'npm-10': ['install', '--ignore-scripts', '--no-audit', '--fetch-retries=0'],
  'npm-11': ['install', '--ignore-scripts', '--no-audit', '--fetch-retries=0'],
  'npm-12': ['install', '--ignore-scripts', '--no-audit', '--fetch-retries=0'],
  'pnpm-10': ['install', '--ignore-scripts', '--config.fetch-retries=0'],
  'pnpm-11': ['install', '--ignore-scripts', '--config.fetch-retries=0'],
  'pnpm-12': ['install', '--ignore-scripts', '--config.fetch-retries=0'],
  'yarn-1': ['install', '--ignore-scripts', '--non-interactive', '--no-lockfile'],
  'yarn-3': ['install', '--mode=skip-build'],
  'yarn-4': ['install', '--mode=skip-build'],
  bun: ['install', '--ignore-scripts'],
};

/**
 * Installs samples by one manager, each batch in a project of its own, and says what came of each. Those of a batch that
 * cannot be installed are named by the manager, or found by halving, and each is tried again alone: only what fails by
 * itself has failed. Batches of one are quicker for what is known to fail. `setUp` puts the project under a guard.
 */
export async function observe(
  manager: ManagerName,
  batches: readonly (readonly Sample[])[],
  setUp: SetUp = {},
): Promise<Map<string, Observation>> {
  const samples = batches.flat();
  const registry = await startRegistry();
  const sandbox = makeSandbox({ registry: registry.url });
  sandbox.npmrc('fetch-retries=0');
  sandbox.yarnrc('nodeLinker: node-modules', 'httpRetry: 0');
  const found = new Map<string, Observation>();
  try {
    for (const sample of samples) {
      const name = nameOf(sample);
      registry.publish({ name, tgz: sample.build({ name, target: SENTINEL }) });
    }
    const pending = batches.map((batch) => [...batch]);
    for (let batch = pending.pop(); batch !== undefined; batch = pending.pop()) {
      if (batch.length === 0) continue;
      const result = await install(manager, batch, { sandbox, setUp });
      if (result.code === 0) {
        for (const sample of batch) {
          const seen = seenIn(join(sandbox.project, 'node_modules', nameOf(sample)));
          if (seen.outcome === 'error' && batch.length > 1) pending.push([sample]);
          else found.set(sample.id, seen);
        }
        continue;
      }
      const [only, ...others] = batch;
      if (only !== undefined && others.length === 0) {
        found.set(only.id, { outcome: 'error', ...(result.timedOut && { hangs: true }) });
        continue;
      }
      const blamed = result.timedOut
        ? []
        : batch.filter((sample) => blames(result, nameOf(sample)));
      if (blamed.length > 0)
        pending.push(
          batch.filter((sample) => !blamed.includes(sample)),
          ...blamed.map((sample) => [sample]),
        );
      else pending.push(batch.slice(batch.length / 2), batch.slice(0, batch.length / 2));
    }
    sandbox.assertSentinelUntouched();
    return found;
  } finally {
    await registry.close();
    sandbox.dispose();
  }
}

async function install(
  manager: ManagerName,
  samples: readonly Sample[],
  { sandbox, setUp }: { sandbox: Sandbox; setUp: SetUp },
): Promise<Result> {
  const args = [...COMMANDS[manager]];
  if (manager.startsWith('pnpm')) {
    // Files linked from pnpm's store share their mode with every file of the same content, whichever package it is of.
    if (samples.length > 1) args.push('--config.package-import-method=copy');
    else rmSync(sandbox.pnpmStore, { recursive: true, force: true });
  }
  rmSync(sandbox.project, { recursive: true, force: true });
  const names = Object.fromEntries(samples.map((sample) => [nameOf(sample), '1.0.0']));
  // Failures of optional ones are passed over by npm and bun, which install the others.
  const optional = samples.length > 1 && (manager.startsWith('npm') || manager === 'bun');
  const kind = optional ? 'optionalDependencies' : 'dependencies';
  sandbox.write({
    'package.json': { name: 'project', version: '1.0.0', private: true, [kind]: names },
    ...(manager === 'yarn-3' || manager === 'yarn-4' ? { 'yarn.lock': '' } : {}),
  });
  setUp.before?.(sandbox);
  const timeout = PATIENCE + 1000 * samples.length;
  return run(manager, args, { sandbox, timeout, ...(setUp.env && { env: setUp.env }) });
}

/** Whether the manager names this package as the reason why it failed. */
function blames(result: Result, name: string): boolean {
  const text = `${result.stdout}\n${result.stderr}`;
  return new RegExp(
    `(?:ERR_PNPM|YN00(?:01|18|31|46|58): .*|error .*).*\\b${name}(?:@|-1\\.0\\.0\\.tgz)`,
  ).test(text);
}

function seenIn(folder: string): Observation {
  if (!existsSync(folder)) return { outcome: 'error' };
  const files = new Map<string, Seen>();
  // Names need not be UTF-8, so files are found by their bytes.
  const walk = (dir: Buffer, below: string): void => {
    for (const name of readdirSync(dir, { encoding: 'buffer' })) {
      const path = below + name.toString();
      const file = Buffer.concat([dir, Buffer.from('/'), name]);
      const stat = lstatSync(file);
      if (stat.isSymbolicLink()) files.set(path, { kind: 'link', target: readlinkSync(file) });
      else if (stat.isFile())
        files.set(path, {
          kind: 'file',
          mode: stat.mode & 0o7777,
          sha256: createHash('sha256').update(readFileSync(file)).digest('hex'),
        });
      else files.set(path, { kind: stat.isDirectory() ? 'directory' : 'other' });
      if (stat.isDirectory()) walk(file, `${path}/`);
    }
  };
  walk(Buffer.from(realpathSync(folder)), '');
  return { outcome: 'installs', files };
}
