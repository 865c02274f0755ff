/* How long a user waits: the figures of the installs, one line for each client, for the chart and for the first table of the page. */
import type { Report, Row } from '../result.ts';

/** The three installs that are shown. */
export const INSTALLS = ['first', 'inspected before', 'nothing to fetch'] as const;
export type Install = (typeof INSTALLS)[number];

/** Medians of an install without and with the guard. Milliseconds by the clock. */
export interface Wait {
  readonly alone: number;
  readonly guarded: number;
}

export interface ClientWaits {
  readonly client: string;
  readonly date: string;
  readonly waits: Readonly<Partial<Record<Install, Wait>>>;
}

/** Clients by the names of their parts of the report. */
const CLIENTS: Readonly<Record<string, string>> = {
  npm: 'npm 12',
  'pnpm-12': 'pnpm 12',
  yarn: 'Yarn 4',
  'yarn-classic': 'Yarn 1',
  bun: 'bun',
  pip: 'pip',
  gem: 'gem',
  bundle: 'Bundler',
  go: 'go',
};

const GUARDED: ReadonlySet<string> = new Set(['guarded', 'tarwarden go']);

/** Whether a row is the guarded one of an install. */
const IS: Readonly<Record<Install, (row: Row) => boolean>> = {
  first: ({ group, name }) =>
    GUARDED.has(name) && /\bcold(?:, nothing inspected before)?$/.test(group),
  'inspected before': ({ group, name }) =>
    name === 'guarded, inspected before'
      ? /\bcold$/.test(group)
      : GUARDED.has(name) && /\bcold, all inspected before$/.test(group),
  'nothing to fetch': ({ group, name }) => GUARDED.has(name) && /\bwarm$/.test(group),
};

/** The clients of which a first install was measured. */
export function waits(report: Report): ClientWaits[] {
  return Object.entries(CLIENTS).flatMap(([part, client]) => {
    const { rows, date } = report[part] ?? { rows: [], date: '' };
    const found = INSTALLS.flatMap((install) => {
      const wait = waitOf(
        rows.filter(({ unit }) => unit === 'wall ms'),
        IS[install],
      );
      return wait === undefined ? [] : [[install, wait] as const];
    });
    const own = Object.fromEntries(found) as ClientWaits['waits'];
    return own.first === undefined ? [] : [{ client, date, waits: own }];
  });
}

/** The first row of a group is the client alone. */
function waitOf(rows: readonly Row[], isGuarded: (row: Row) => boolean): Wait | undefined {
  const guarded = rows.find(isGuarded);
  const alone = rows.find(({ group }) => group === guarded?.group);
  if (guarded === undefined || alone === undefined || alone === guarded) return undefined;
  return { alone: alone.time.median, guarded: guarded.time.median };
}

/** Seconds of a client alone, and those that the guard adds. */
export function waitText({ alone, guarded }: Wait): string {
  const [base, added] = [alone, guarded - alone].map((value) => (value / 1000).toFixed(2));
  return guarded < alone ? `${base} s − ${added!.slice(1)} s` : `${base} s + ${added} s`;
}
