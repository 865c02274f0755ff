/** Failures of the disk, and swaps by another process at an exact moment: for tests whose `node:fs` is mocked to have them. */
import type * as Fs from 'node:fs';
import { constants } from 'node:os';

const NAMES = [
  'closeSync',
  'mkdirSync',
  'openSync',
  'readSync',
  'renameSync',
  'statSync',
  'writeFileSync',
  'writeSync',
] as const;
type Name = (typeof NAMES)[number];
type Moment = (call: number) => void;

/** What happens before and after the call of that number (from 1) of a function; it may throw. */
export const faults = {
  before: {} as Partial<Record<Name, Moment>>,
  after: {} as Partial<Record<Name, Moment>>,
  calls: {} as Partial<Record<Name, number>>,
  /** Bytes read or written at most by one call. */
  short: Number.POSITIVE_INFINITY,
};

export function noFaults(): void {
  faults.before = {};
  faults.after = {};
  faults.calls = {};
  faults.short = Number.POSITIVE_INFINITY;
}

/** For `vi.mock('node:fs', …)`. */
export function withFaults(real: typeof Fs): typeof Fs {
  const passing =
    (name: Name) =>
    (...args: unknown[]): unknown => {
      const call = (faults.calls[name] = (faults.calls[name] ?? 0) + 1);
      faults.before[name]?.(call);
      if (name === 'writeSync' || name === 'readSync')
        args[3] = Math.min(Number(args[3]), faults.short);
      const result = (real[name] as (...all: unknown[]) => unknown)(...args);
      faults.after[name]?.(call);
      return result;
    };
  return { ...real, ...Object.fromEntries(NAMES.map((name) => [name, passing(name)])) };
}

/** As Node has it, which knows no name for EDQUOT. */
export function errno(name: string, syscall = 'write'): Error {
  const errno = -(constants.errno as Readonly<Record<string, number>>)[name]!;
  const code = name === 'EDQUOT' ? `Unknown system error ${errno}` : name;
  return Object.assign(new Error(`${code}: made up, ${syscall}`), { code, errno, syscall });
}

/** Acts at the call of that number only. */
export const at =
  (wanted: number, act: () => void): Moment =>
  (call) => {
    if (call === wanted) act();
  };

/** Throws at that call. */
export const fail = (wanted: number, code: string): Moment =>
  at(wanted, () => {
    throw errno(code);
  });
