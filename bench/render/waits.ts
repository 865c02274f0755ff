/* How long a user waits: the figures of the installs, one line for each client, for the chart and for the first table of the page. */
import type { Report, Row, Spread } from '../result.ts';

/** The three installs that are shown. */
export const INSTALLS = ['first', 'inspected before', 'nothing to fetch'] as const;
export type Install = (typeof INSTALLS)[number];

/** A client, and how its guarded installs compare with unguarded ones. */
export interface ClientWaits {
  readonly client: string;
  /** An unguarded first install. */
  readonly unguarded: Spread;
  readonly date: string;
  readonly ratios: Readonly<Partial<Record<Install, Spread>>>;
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

export function waits(report: Report): ClientWaits[] {
  return Object.entries(CLIENTS).flatMap(([part, client]) => {
    const { rows, date } = report[part] ?? { rows: [], date: '' };
    const installs = rows.filter(({ unit, ratio }) => unit === 'wall ms' && ratio !== undefined);
    const first = installs.find(isFirst);
    const unguarded = rows.find(
      ({ group, name }) => group === first?.group && name === first.over,
    )?.time;
    if (first === undefined || unguarded === undefined) return [];
    const ratios = {
      first: first.ratio,
      'inspected before': installs.find(isInspectedBefore)?.ratio,
      'nothing to fetch': installs.find(isWarm)?.ratio,
    };
    const known = Object.entries(ratios).filter(([, ratio]) => ratio !== undefined);
    return [{ client, unguarded, date, ratios: Object.fromEntries(known) }];
  });
}

function isFirst({ group, name }: Row): boolean {
  return GUARDED.has(name) && /\bcold(?:, nothing inspected before)?$/.test(group);
}

function isInspectedBefore({ group, name }: Row): boolean {
  if (name === 'guarded, inspected before') return /\bcold$/.test(group);
  return GUARDED.has(name) && /\bcold, all inspected before$/.test(group);
}

function isWarm({ group, name }: Row): boolean {
  return GUARDED.has(name) && /\bwarm$/.test(group);
}
