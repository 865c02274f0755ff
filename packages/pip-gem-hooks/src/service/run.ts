/* Runs a real client whose guard, in another language, asks an inspection service in this process. */

import {
  EXIT,
  fail,
  findRealProgram,
  outcome,
  runProgram,
  type Confine,
} from '@tarwarden/guard/run';
import { projectLink } from '@tarwarden/guard';
import { startInspectionService, type InspectionService } from './service.ts';

export interface HookOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the project whose policy counts. */
  readonly cwd: string;
  /** Absolute path of the file that the program loads as its guard. */
  readonly guardPath: string;
  readonly confine?: Confine | undefined;
}

interface InspectedRun {
  /** The name of the program on the PATH. */
  readonly tool: string;
  readonly manager: 'pip' | 'gem' | 'bundle';
  readonly args: readonly string[];
  /** Variables that make the program load its guard. */
  readonly guardEnv: Readonly<Record<string, string>>;
  /** The folder in which the program writes. Its links must not lead out of the project. */
  readonly root: string | undefined;
  /** False if the command installs nothing, so that the program need not load the guard. */
  readonly demandGuard: boolean;
  /** Why a client of this version cannot be guarded; undefined if it can. */
  readonly refuseClient?: (client: string) => string | undefined;
  /** Further notes after a run in which nothing failed, one line each. */
  readonly notes?: (service: InspectionService) => readonly string[];
}

/**
 * Runs a real client whose guard asks an inspection service in this process, on our own standard streams. Resolves to the exit
 * code: the client's own, unless the guard says worse (see {@link EXIT}).
 */
export async function runInspected(
  { env, cwd, confine }: HookOptions,
  run: InspectedRun,
): Promise<number> {
  const { tool, manager, root, refuseClient } = run;
  const command = findRealProgram({ name: tool, windowsScripts: [] }, env);
  if (command === undefined) return fail(EXIT.NOT_FOUND, `there is no ${tool} on the PATH`);
  const link = root === undefined ? undefined : projectLink(manager, { root });
  if (link !== undefined)
    return fail(EXIT.BLOCKED, `${tool} was not run: ${link.problem}; ${link.remedy}`);
  let service: InspectionService;
  try {
    service = await startInspectionService({
      project: cwd,
      env,
      ...(refuseClient !== undefined && { refuseClient }),
    });
  } catch (error) {
    return fail(EXIT.UNSUPPORTED, `${manager} was not started: ${(error as Error).message}`);
  }
  try {
    const guardedEnv = { ...env, ...service.env, ...run.guardEnv };
    const code = await runProgram(confine?.(command) ?? command, run.args, guardedEnv);
    reportRun(service, code, run.notes);
    const { nonce, events } = service;
    const result = outcome(code, events, { manager, nonce, guard: run.demandGuard });
    return result.message === undefined ? result.code : fail(result.code, result.message);
  } catch (error) {
    const why = `${command.file} could not be started: ${(error as Error).message}`;
    return fail(EXIT.NOT_FOUND, why);
  } finally {
    service.close();
  }
}

/** Prints warnings and refusals at the end, because a quiet client or a build may not have shown them. */
function reportRun(service: InspectionService, code: number, notes: InspectedRun['notes']): void {
  const hasSucceeded = code === 0 && service.refusals.length === 0;
  const lines = [
    ...service.warnings.map((warning) => `warning: ${warning}`),
    ...new Set(service.refusals.map(({ headline }) => headline)),
    ...(hasSucceeded && notes !== undefined ? notes(service) : []),
  ];
  if (lines.length > 0) process.stderr.write(lines.map((line) => `tarwarden: ${line}\n`).join(''));
}
