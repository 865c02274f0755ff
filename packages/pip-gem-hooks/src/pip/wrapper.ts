import { delimiter, dirname } from 'node:path';
import { EXIT, fail } from '@tarwarden/guard/run';
import { runInspected, type HookOptions } from '../service/run.ts';
import type { InspectionService } from '../service/service.ts';
import { isPip, mayFetch, readPython } from '@tarwarden/clients/python/command-line';
import { redactUrl } from '@tarwarden/core/text';

const NAMES_MAX = 5;

/**
 * Source archives that pip chose from an index: their own code ran when they were built. A file or URL that somebody named is
 * not meant by `--only-binary`.
 */
export function builtNote(accepted: InspectionService['accepted']): string[] {
  const builtArchives = accepted.filter(
    ({ format, origin }) => format === 'sdist' && origin === 'index',
  );
  const names = [...new Set(builtArchives.map(({ fileName }) => fileName))];
  if (names.length === 0) return [];
  const countText =
    names.length === 1 ? '1 source archive was' : `${names.length} source archives were`;
  return [
    `${countText} built, which runs code of the package (${namesText(names)}); to allow wheels only: --only-binary :all:, or PIP_ONLY_BINARY=:all:`,
  ];
}

/** Folders and repositories that somebody named: pip builds them, and nothing of them was inspected. */
export function sourceNote(sources: InspectionService['sources']): string[] {
  const names = [...new Set(sources.map(({ source }) => source))];
  if (names.length === 0) return [];
  const countText =
    names.length === 1
      ? '1 folder or repository was'
      : `${names.length} folders or repositories were`;
  return [
    `${countText} taken without inspection, and code of it may have run (${namesText(names)}); --only-binary does not forbid what you name`,
  ];
}

function namesText(names: readonly string[]): string {
  const shownNames = names.slice(0, NAMES_MAX).map((name) => redactUrl(name));
  const omission = names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : '';
  return `${shownNames.join(', ')}${omission}`;
}

/** The first pip whose functions have been compared with those that the guard replaces. */
const FLOOR = 22;

/** Why a client that said hello cannot be guarded. A newer pip is accepted: its guard stops if it lacks a function to replace. */
export function unguardable(client: string): string | undefined {
  const major = Number(/^pip (\d+)(?:\.|$)/.exec(client)?.[1] ?? 0);
  if (major >= FLOOR) return undefined;
  return `${client} cannot be guarded; use pip ${FLOOR} or newer`;
}

export type PipTool = 'pip' | 'pip3' | 'python' | 'python3';

/**
 * Runs the real pip, or Python, with the guard on PYTHONPATH, on our own standard streams. Resolves to the exit code: the
 * program's own, unless the guard says worse (see {@link EXIT}).
 */
export async function runPip(
  tool: PipTool,
  args: readonly string[],
  options: HookOptions,
): Promise<number> {
  const { env, cwd, guardPath } = options;
  const folder = dirname(guardPath);
  if (folder.includes(delimiter))
    return fail(EXIT.UNSUPPORTED, `PYTHONPATH cannot hold ${folder}; ${tool} was not started`);
  const { demand, problem } = demandOf(tool, args);
  if (problem !== undefined) return fail(EXIT.UNSUPPORTED, problem);
  return runInspected(options, {
    tool,
    manager: 'pip',
    args,
    guardEnv: pipGuardEnvironment(env, folder),
    root: demand ? cwd : undefined,
    demandGuard: demand,
    refuseClient: unguardable,
    notes: ({ accepted, sources }) => [...builtNote(accepted), ...sourceNote(sources)],
  });
}

/** Whether this run must load the guard, or why it cannot. */
function demandOf(
  tool: PipTool,
  args: readonly string[],
): { readonly demand: boolean; readonly problem?: string } {
  if (tool === 'pip' || tool === 'pip3') return { demand: mayFetch(args) };
  const { module, programArguments: programArgs, without } = readPython(args);
  const demand = isPip(module) && mayFetch(programArgs);
  if (!demand || without === undefined) return { demand };
  const problem = `${tool} ${without} does not load the guard; leave ${without} out. pip was not started`;
  return { demand, problem };
}

/** The variable that makes Python load the guard in `folder`, which comes first. An empty part would be the current folder. */
export function pipGuardEnvironment(
  env: NodeJS.ProcessEnv,
  folder: string,
): { readonly PYTHONPATH: string } {
  const userPath = env['PYTHONPATH'] ?? '';
  return { PYTHONPATH: userPath === '' ? folder : `${folder}${delimiter}${userPath}` };
}
