import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readHead } from '@tarwarden/guard/read-bounded';
import { EXIT } from './exit-codes.ts';
import type { StatusEvent } from './status.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

/** The most bytes of a status file. A script that fills the file gains nothing. */
const MAX_STATUS_BYTES = 4 * 1024 * 1024;

export interface StatusFile {
  /** The folder of the file, for other files of this run. */
  readonly folder: string;
  readonly file: string;
  read(): StatusEvent[];
  dispose(): void;
}

/**
 * A file for one run that only this user can reach. Beside it is the reserve that {@link report} removes if the disk is full.
 * @throws Error if no file can be written.
 */
export function openStatus(): StatusFile {
  const { path: folder } = makeTemporaryFolder({ prefix: 'tarwarden-run-' });
  const file = join(folder, 'status');
  writeFileSync(file, '', { mode: 0o600 });
  return {
    folder,
    file,
    read: () => parseStatus(readHead(file, MAX_STATUS_BYTES).toString()),
    dispose: () => {
      try {
        rmSync(folder, { recursive: true, force: true });
      } catch {
        // A later run removes it.
      }
    },
  };
}

/** Skips lines that are no event. No line can make the outcome milder. */
export function parseStatus(text: string): StatusEvent[] {
  return text.split('\n').flatMap((line): StatusEvent[] => {
    try {
      const value = JSON.parse(line) as StatusEvent | null;
      return value?.event === undefined ? [] : [value];
    } catch {
      return [];
    }
  });
}

export interface RunOutcome {
  readonly code: number;
  readonly message?: string;
}

/** The conditions for the success of a run. */
export interface Demand {
  readonly manager: string;
  readonly nonce: string;
  /** False if the command installs nothing, so that the manager need not load the guard. */
  readonly guard: boolean;
}

/**
 * The exit code of a run. A failure of the manager stays as it is. Its success counts only if it loaded the guard, and if no guard
 * refused anything, also in a manager that this one started.
 */
export function outcome(code: number, events: readonly StatusEvent[], demand: Demand): RunOutcome {
  const { manager, nonce } = demand;
  if (events.some(({ event }) => event === 'unsupported')) return { code: EXIT.UNSUPPORTED };
  const armed = events.some((event) => event.event === 'armed' && event.nonce === nonce);
  if (demand.guard && !armed) {
    return {
      code: code || EXIT.UNCHECKED,
      message: `${manager} never loaded the guard; treat what it installed as UNCHECKED.`,
    };
  }
  if (code === 0 && events.some(({ event }) => event === 'blocked')) {
    return {
      code: EXIT.BLOCKED,
      message: `${manager} reported success, but a package was refused, in it or in another ${manager} that it started.`,
    };
  }
  return { code };
}
