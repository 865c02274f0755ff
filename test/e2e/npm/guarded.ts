/** What the npm tests share: a project, a registry, and npm with the built guard in it. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { freshEach } from '../../support/fresh-each.ts';
import {
  repository,
  run,
  runBeside,
  type NpmName,
  type Result,
  type RunOptions,
} from '../../support/managers.ts';
import { closeUntouched, makeScriptBench, type ScriptBench } from '../bench.ts';

export {
  cleanTarball,
  closeBench,
  closeUntouched,
  publish,
  scriptsRun,
  SUBJECT,
} from '../bench.ts';

export const PRELOAD: string = join(repository, 'packages/npm-wrapper/dist/preload.cjs');
const WRAPPER = join(repository, 'packages/npm-wrapper/src/wrapper.ts');

export interface Bench extends ScriptBench {
  readonly npm: NpmName;
}

export async function makeBench(npm: NpmName): Promise<Bench> {
  return { npm, ...(await makeScriptBench({ name: 'project', version: '1.0.0' })) };
}

/** A bench for each test. After the test its sentinel must be untouched. */
export const useBench = (...args: Parameters<typeof makeBench>): Bench =>
  freshEach(() => makeBench(...args), closeUntouched);

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

let bundle: Promise<Uint8Array> | undefined;
const bundledWrapper = async (): Promise<Uint8Array> =>
  (bundle ??= build({ entryPoints: [WRAPPER], write: false, bundle: true, platform: 'node' }).then(
    ({ outputFiles }) => outputFiles[0]!.contents,
  ));

/** npm by way of `runNpm`, as `tarwarden npm` does it. */
export async function wrapped(
  bench: Bench,
  args: readonly string[],
  options: Options = {},
): Promise<Result> {
  const script = join(bench.sandbox.root, 'wrapper.mjs');
  if (!existsSync(script)) {
    const library = join(bench.sandbox.root, 'npm-wrapper.cjs');
    writeFileSync(library, await bundledWrapper());
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
