import { closeSync, fstatSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from './exit-codes.ts';
import type { StatusEvent } from './status.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

/** Read of a status file; a script that fills it up gains nothing. */
const MAX_STATUS_BYTES = 4 * 1024 * 1024;

export interface StatusFile {
  /** That holds it, for what else is of this run alone. */
  readonly folder: string;
  readonly file: string;
  read(): StatusEvent[];
  dispose(): void;
}

/**
 * A file that only this user can reach, for one run. Beside it lies what {@link report} makes room with.
 * @throws Error where no file can be written.
 */
export function openStatus(): StatusFile {
  const { path: folder } = makeTemporaryFolder({ prefix: 'tarwarden-run-' });
  const file = join(folder, 'status');
  writeFileSync(file, '', { mode: 0o600 });
  return {
    folder,
    file,
    read: () => parse(readHead(file)),
    dispose: () => {
      try {
        rmSync(folder, { recursive: true, force: true });
      } catch {
        // A later run sweeps it up.
      }
    },
  };
}

function readHead(file: string): string {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(Math.min(fstatSync(descriptor).size, MAX_STATUS_BYTES));
      return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}

/** Lines that are no event are left out: nothing here can make an outcome milder. */
export function parse(text: string): StatusEvent[] {
  return text.split('\n').flatMap((line): StatusEvent[] => {
    try {
      const value = JSON.parse(line) as StatusEvent | null;
      return value?.event === undefined ? [] : [value];
    } catch {
      return [];
    }
  });
}

export interface Outcome {
  readonly code: number;
  readonly message?: string;
}

/** What a run is held to. */
export interface Demand {
  /** Name of the manager, for messages. */
  readonly manager: string;
  readonly nonce: string;
  /** False where the command installs nothing, so that the manager need not load the guard. */
  readonly guard: boolean;
}

/**
 * The exit code of a run. The manager's own failure is kept; its success counts only when the guard was in it and
 * nothing was refused, in it or in a manager that it started.
 */
export function outcome(code: number, events: readonly StatusEvent[], demand: Demand): Outcome {
  const { manager, nonce } = demand;
  if (events.some((one) => one.event === 'unsupported')) return { code: EXIT.UNSUPPORTED };
  const armed = events.some((one) => one.event === 'armed' && one.nonce === nonce);
  if (demand.guard && !armed) {
    return {
      code: code || EXIT.UNCHECKED,
      message: `${manager} never loaded the guard; treat what it installed as UNCHECKED.`,
    };
  }
  if (code === 0 && events.some((one) => one.event === 'blocked')) {
    return {
      code: EXIT.BLOCKED,
      message: `${manager} reported success, but a package was refused, in it or in another ${manager} that it started.`,
    };
  }
  return { code };
}
