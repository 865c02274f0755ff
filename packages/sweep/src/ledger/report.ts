/* What a ledger says in sum, about the verdicts of one rule set. */
import { SCHEMA } from './schema.ts';
import type { Ledger } from './ledger.ts';

export interface Count {
  readonly key: string;
  readonly archives: number;
  readonly rejected: number;
}

export interface NewlyRejected {
  readonly name: string;
  readonly version: string;
  readonly rules: readonly string[];
  readonly inspected: string;
}

export interface SweepReport {
  readonly ruleset: string;
  readonly verdicts: number;
  readonly rejected: number;
  readonly notInspected: number;
  readonly outstanding: number;
  /** Archives with at least one error, or one warning, of a rule. */
  readonly byRule: readonly Count[];
  readonly byYear: readonly Count[];
  readonly byPacker: readonly Count[];
  /** First inspected since the day that was asked for, or lately. The newest first. */
  readonly newlyRejected: readonly NewlyRejected[];
  readonly whyNotInspected: readonly { readonly reason: string; readonly count: number }[];
}

export interface ReportOptions {
  readonly ruleset: string;
  /** `YYYY-MM-DD`. */
  readonly since?: string | undefined;
}

/** Rows of each list. */
const ROWS_MAX = 100;

export async function reportOf(
  ledger: Ledger,
  { ruleset, since }: ReportOptions,
): Promise<SweepReport> {
  const all = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await ledger.pool.query<Row>(text, values)).rows;
  const [sums] = await all<{ verdicts: number; rejected: number }>(
    `select count(*)::float8 as verdicts, count(*) filter (where status = 'reject')::float8 as rejected
     from ${SCHEMA}.verdict where ruleset = $1`,
    [ruleset],
  );
  const [others] = await all<{ failed: number; outstanding: number }>(
    `select (select count(*) from ${SCHEMA}.not_inspected)::float8 as failed,
       (select count(*) from ${SCHEMA}.task)::float8 as outstanding`,
  );
  const byRule = await all<Count>(
    `select rule as key, count(*)::float8 as archives,
       count(*) filter (where status = 'reject')::float8 as rejected
     from ${SCHEMA}.verdict, unnest(rules || warned) as rule
     where ruleset = $1 group by rule order by archives desc, rule limit ${ROWS_MAX}`,
    [ruleset],
  );
  return {
    ruleset,
    ...sums!,
    notInspected: others!.failed,
    outstanding: others!.outstanding,
    byRule,
    byYear: await all(byOccurrence(`coalesce(to_char(published, 'YYYY'), 'unknown')`), [ruleset]),
    byPacker: await all(byOccurrence('packer'), [ruleset]),
    newlyRejected: await all(NEWLY_REJECTED, [ruleset, since ?? '1970-01-01']),
    whyNotInspected: await all(
      `select reason, count(*)::float8 as count from ${SCHEMA}.not_inspected
       group by reason order by count desc, reason limit ${ROWS_MAX}`,
    ),
  };
}

/** Package versions whose archive has a verdict, grouped. */
function byOccurrence(key: string): string {
  return `select ${key} as key, count(*)::float8 as archives,
      count(*) filter (where rejected)::float8 as rejected
    from ${SCHEMA}.occurrence
    join (select sha512, bool_or(status = 'reject') as rejected
      from ${SCHEMA}.verdict where ruleset = $1 group by sha512) as inspected using (sha512)
    group by 1 order by archives desc, key limit ${ROWS_MAX}`;
}

const NEWLY_REJECTED = `
  select name, version, rules,
    to_char(max(inspected) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as inspected
  from ${SCHEMA}.verdict join ${SCHEMA}.occurrence using (sha512)
  where ruleset = $1 and status = 'reject' and inspected >= $2::date
  group by name, version, rules
  order by max(inspected) desc, name, version limit ${ROWS_MAX}`;

/** Signed verdicts of the ledger, in the order of their archives. */
export async function* envelopesOf(ledger: Ledger): AsyncGenerator<string> {
  let after: { sha512: Buffer; context: Buffer } = {
    sha512: Buffer.alloc(0),
    context: Buffer.alloc(0),
  };
  for (;;) {
    const { rows } = await ledger.pool.query<typeof after & { envelope: string }>(
      `select sha512, context, envelope from ${SCHEMA}.envelope
       where (sha512, context) > ($1, $2) order by sha512, context limit 1000`,
      [after.sha512, after.context],
    );
    for (const { envelope } of rows) yield envelope;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last;
  }
}
