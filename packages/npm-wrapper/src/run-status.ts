import {
  closeSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from './exit-codes.ts';
import type { StatusEvent } from './status.ts';

/** Read of a status file; a script that fills it up gains nothing. */
const MAX_STATUS_BYTES = 4 * 1024 * 1024;

export interface StatusFile {
  readonly file: string;
  read(): StatusEvent[];
  dispose(): void;
}

/** A file that only this user can reach, for one run. */
export function openStatus(): StatusFile {
  // mkdtemp makes it mode 0700.
  const folder = mkdtempSync(join(tmpdir(), 'tarwarden-npm-'));
  const file = join(folder, 'status');
  writeFileSync(file, '', { mode: 0o600 });
  return {
    file,
    read: () => parse(readHead(file)),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
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
      const value: unknown = JSON.parse(line);
      return typeof value === 'object' && value !== null && 'event' in value
        ? [value as StatusEvent]
        : [];
    } catch {
      return [];
    }
  });
}

export interface Outcome {
  readonly code: number;
  readonly message?: string;
}

/**
 * The exit code of a run. npm's own failure stands; its success stands only when the guard was in it and
 * nothing was refused, in it or in an npm that it started.
 */
export function outcome(code: number, events: readonly StatusEvent[], nonce: string): Outcome {
  if (events.some((one) => one.event === 'unsupported')) return { code: code || EXIT.UNSUPPORTED };
  if (!events.some((one) => one.event === 'armed' && one.nonce === nonce)) {
    return {
      code: code || EXIT.UNCHECKED,
      message: 'npm never loaded the guard; treat what it installed as UNCHECKED.',
    };
  }
  if (code === 0 && events.some((one) => one.event === 'blocked')) {
    return {
      code: EXIT.BLOCKED,
      message: 'npm was content, but a package was refused in an npm that it started.',
    };
  }
  return { code };
}
