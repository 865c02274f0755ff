/* Runs the real pnpm with settings that force the guard's pnpmfile. Refuses commands that would not call its hooks. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  EXIT,
  fail,
  findRealProgram,
  nameNodeFile,
  NO_COMPILED_CODE,
  PNPM_STATUS,
  runGuarded,
  type Confine,
  type Program,
} from '@tarwarden/guarded-run';
import type { PublishOptions, PublishStep } from '@tarwarden/guarded-run/publish';
import { refusesAhead } from './ahead.ts';
import { bypassesHooks, isLeftToNpm, mustBeGuarded, removesGlobal } from './command-line.ts';
import { pnpmUploadPlan, pnpmPublishes } from './publish.ts';
import { forcedArguments, forcedEnvironment, type Major } from './settings.ts';
import { guardedMajor, versionOf } from './version.ts';

export type PnpmTool = 'pnpm' | 'pnpx';

const PNPM: Program = {
  name: 'pnpm',
  windowsScripts: [
    'node_modules/pnpm/pnpm.exe',
    'node_modules/pnpm/bin/pnpm.cjs',
    'node_modules/pnpm/bin/pnpm.mjs',
  ],
};

const NOT_INSPECTED =
  'warning: pnpm packs and uploads these packages in one step, so they are NOT inspected before the upload. To have them inspected, ' +
  'publish one package at a time: "pnpm -r pack --pack-destination DIR", and then "tarwarden pnpm publish FILE" for each file';

export interface PnpmOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path of the built `index.cjs`. */
  readonly hookPath: string;
  readonly confine?: Confine | undefined;
  /** The folder for temporary files of a confined pnpm. */
  readonly temporary?: string | undefined;
  /** The variables that load npm's guard into each npm that pnpm starts. */
  readonly npmGuard: (env: NodeJS.ProcessEnv) => Promise<NodeJS.ProcessEnv>;
}

/**
 * Runs the real pnpm with the hook forced, on our own standard streams. Resolves to the exit code: pnpm's own, unless the guard says
 * worse (see {@link EXIT}). `pnpx` means `pnpm dlx`, as for pnpm itself.
 */
export async function runPnpm(
  tool: PnpmTool,
  given: readonly string[],
  options: PnpmOptions,
): Promise<number> {
  const { hookPath, confine } = options;
  const args = tool === 'pnpx' ? ['dlx', ...given] : given;
  if (!existsSync(hookPath)) {
    return fail(EXIT.UNSUPPORTED, `the guard is missing (${hookPath}); ${tool} was not started`);
  }
  const bypass = bypassesHooks(args);
  if (bypass !== undefined) {
    return fail(EXIT.UNSUPPORTED, `${bypass}, so it is not run guarded; run pnpm itself for this`);
  }
  const command = findRealProgram(PNPM, options.env);
  if (command === undefined) return fail(EXIT.NOT_FOUND, 'there is no pnpm on the PATH');
  const env = { ...options.env, ...(confine !== undefined && NO_COMPILED_CODE) };
  const version = versionOf(command, env, confine?.(command)) ?? 'of unknown version';
  const major = guardedMajor(version);
  if (major === undefined) {
    return fail(
      EXIT.UNSUPPORTED,
      `pnpm ${version} (${command.file}) cannot be guarded; use pnpm 10, 11, or 12 from 12.16 on`,
    );
  }
  const toNpm = major === 10 && isLeftToNpm(args);
  // pnpm 10 has npm upload what it has packed. It passes its own arguments on, so npm would take a forced one for its command.
  const byNpm = major === 10 && pnpmPublishes(args);
  const npmEnv = byNpm ? await options.npmGuard(env) : {};
  const start = async (own: readonly string[], step?: PublishStep): Promise<number> => {
    const installsNothing = !mustBeGuarded(own) || (major === 12 && removesGlobal(own));
    const hook = { folder: dirname(hookPath), major };
    const started = { args: own, env, version };
    if (!toNpm && refusesAhead(started, hook)) return EXIT.BLOCKED;
    const forced = toNpm || byNpm ? [] : forcedArguments(major, hookPath, { args: own, env });
    return runGuarded({
      manager: 'pnpm',
      command,
      args: withForced(own, forced, major),
      env: {
        ...forcedEnvironment(major, hookPath, env),
        ...npmEnv,
        ...withoutNodeFiles(own, env),
      },
      channel: PNPM_STATUS,
      confine,
      demandGuard: !toNpm && !byNpm && !installsNothing,
      ...(step?.toStderr === true && { stdout: 'stderr' as const }),
    });
  };
  if (byNpm || !pnpmPublishes(args)) return start(args);
  const ask = (own: readonly string[]): string => {
    const { file, args: first } = confine?.(command) ?? command;
    const forced = forcedArguments(major, hookPath, { args: own, env });
    return spawnSync(file, [...first, ...withForced(own, forced, major)], {
      env: { ...env, ...forcedEnvironment(major, hookPath, env), ...withoutNodeFiles(own, env) },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).stdout;
  };
  return publish(args, { env, start, temporary: options.temporary }, ask);
}

/** pnpm 11 and 12 pack and upload by themselves. So the guard has them pack first, where they publish one package. */
async function publish(
  args: readonly string[],
  options: PublishOptions,
  ask: (args: readonly string[]) => string,
): Promise<number> {
  const publication = pnpmUploadPlan(args, process.cwd());
  if (publication !== undefined) {
    const { publishPacked } = await import('@tarwarden/guarded-run/publish');
    const forbidsScripts = (): boolean => ask(publication.scriptSetting).trim() === 'true';
    return publishPacked({ ...publication, forbidsScripts }, options);
  }
  process.stderr.write(`tarwarden: ${NOT_INSPECTED}\n`);
  return options.start(args, { toStderr: false });
}

/** Arguments may name a file of options for the Node that runs pnpm and the guard. This variable makes Node ignore the file. */
function withoutNodeFiles(args: readonly string[], env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return nameNodeFile(args) ? { NODE_OPTIONS: env['NODE_OPTIONS'] ?? '' } : {};
}

/** pnpm 11 accepts `pm`, which means its own command and no script, only as the first word. For other versions, `pm` is a script. */
function withForced(args: readonly string[], forced: readonly string[], major: Major): string[] {
  const at = major === 11 && args[0] === 'pm' ? 1 : 0;
  return [...args.slice(0, at), ...forced, ...args.slice(at)];
}
