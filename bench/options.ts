import { parseArgs } from 'node:util';

/** The options of the command line. */
export interface Options {
  readonly parts: readonly string[];
  readonly rounds: number;
  /** Install on disk, even where there is a RAM disk. */
  readonly disk: boolean;
  /** How long `worst` searches. */
  readonly minutes: number;
  readonly seed: number;
  /** File for the archives that `worst` found. */
  readonly found?: string;
  /** A built checkout of another commit. Its guards are measured beside those of this one. */
  readonly before?: string;
  /** File that the results are merged into. */
  readonly json?: string;
  /** Merge the results into docs/performance.json, and make the page and the chart of it. */
  readonly write: boolean;
  /** Measure nothing: only make the page and the chart. */
  readonly render: boolean;
  readonly help: boolean;
}

/** Published results come from seven rounds. */
const DEFAULT_ROUNDS = 7;
const MAX_ROUNDS = 1000;
const DEFAULT_MINUTES = 10;
const MAX_MINUTES = 10_000;

/** Groups of parts by a shorter name. */
const TOGETHER: Readonly<Record<string, readonly string[]>> = {
  pnpm: ['pnpm-10', 'pnpm-11', 'pnpm-12'],
};

/** Something on the command line that is not understood; the message is one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads the command line; `known` are the names of the parts. Throws a `UsageError`. */
export function readOptions(
  argv: readonly string[],
  known: readonly string[],
  byName: readonly string[] = [],
): Options {
  const { values, positionals } = parse(argv);
  const parts = positionals.flatMap((name) => TOGETHER[name] ?? [name]);
  const unknown = parts.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(`no such part: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  }
  const { json, found, before, disk = false, write = false, render = false, help = false } = values;
  if (json !== undefined && write) throw new UsageError('--json and --write are one or the other');
  if (json === '') throw new UsageError('--json takes the name of a file');
  if (found === '') throw new UsageError('--found takes the name of a file');
  if (before === '') throw new UsageError('--before takes the folder of a built checkout');
  const measured = parts.length > 0 || values.rounds !== undefined || disk || before !== undefined;
  if (render && (measured || json !== undefined || write)) {
    throw new UsageError('--render measures nothing, so it takes nothing else');
  }
  return {
    parts: known.filter((name) =>
      parts.length === 0 ? !byName.includes(name) : parts.includes(name),
    ),
    rounds: numberOf(values.rounds, { name: 'rounds', unset: DEFAULT_ROUNDS, most: MAX_ROUNDS }),
    disk,
    minutes: numberOf(values.minutes, {
      name: 'minutes',
      unset: DEFAULT_MINUTES,
      most: MAX_MINUTES,
    }),
    seed: numberOf(values.seed, { name: 'seed', unset: 1, most: 999_999 }),
    ...(found !== undefined && { found }),
    ...(before !== undefined && { before }),
    ...(json !== undefined && { json }),
    write,
    render,
    help,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: argv.filter((arg, at) => arg !== '--' || at > 0),
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        disk: { type: 'boolean' },
        minutes: { type: 'string' },
        seed: { type: 'string' },
        found: { type: 'string' },
        before: { type: 'string' },
        json: { type: 'string' },
        write: { type: 'boolean' },
        render: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function numberOf(
  text: string | undefined,
  { name, unset, most }: { name: string; unset: number; most: number },
): number {
  if (text === undefined) return unset;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > most) throw new UsageError(`--${name} takes a number from 1 to ${most}`);
  return value;
}
