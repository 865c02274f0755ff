/* Runs a real client whose guard, in another language, asks an inspection service in this process. */

import { EXIT, fail, outcome, runProgram, type Command } from '@tarwarden/guarded-run';
import { startInspectionService, type InspectionService } from './service.ts';

export interface InspectedRun {
  readonly manager: string;
  readonly command: Command;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Variables that make the program load its guard. */
  readonly guardEnv: Readonly<Record<string, string>>;
  /** Folder of the project whose policy counts. */
  readonly project: string;
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
export async function runInspected(run: InspectedRun): Promise<number> {
  const { manager, command, env, refuseClient } = run;
  let service: InspectionService;
  try {
    service = await startInspectionService({
      project: run.project,
      env,
      ...(refuseClient !== undefined && { refuseClient }),
    });
  } catch (error) {
    return fail(EXIT.UNSUPPORTED, `${manager} was not started: ${(error as Error).message}`);
  }
  try {
    const code = await runProgram(command, run.args, {
      env: { ...env, ...service.env, ...run.guardEnv },
    });
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
  const went = code === 0 && service.refusals.length === 0;
  const lines = [
    ...service.warnings.map((warning) => `warning: ${warning}`),
    ...new Set(service.refusals.map(({ headline }) => headline)),
    ...(went && notes !== undefined ? notes(service) : []),
  ];
  if (lines.length > 0) process.stderr.write(lines.map((line) => `tarwarden: ${line}\n`).join(''));
}
