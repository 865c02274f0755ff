/*
 * The ledger is the truth of a sweep: it has all verdicts, and the tasks that are left. The queue only distributes tasks, and may be lost. A
 * task leaves the ledger in the transaction that writes its last verdicts, so each verdict is in it once, however often the task was run.
 */
import { Pool, type PoolClient } from 'pg';
import { isTask, taskText, type SweepTask } from '../tasks.ts';
import type { LedgerVerdict, LedgerFailure } from '../result.ts';
import { SteadyClient } from '../steady-client.ts';
import { migrate, SCHEMA } from './schema.ts';

/** Identifies a verdict: the archive's digest, and `addressOf` the whole question. Both hex. */
export interface VerdictId {
  readonly sha512: string;
  readonly context: string;
}

/** The most connections of one process. */
const CONNECTIONS = 8;
/** Milliseconds for a connection. */
const CONNECT_LIMIT = 10_000;

export class Ledger {
  readonly pool: Pool;

  private constructor(pool: Pool) {
    this.pool = pool;
  }

  /**
   * Connects, and makes or updates the tables.
   * @param onError Called when an idle connection breaks.
   */
  static async open(address: string, onError: (error: Error) => void): Promise<Ledger> {
    const pool = new Pool({
      connectionString: address,
      max: CONNECTIONS,
      Client: SteadyClient,
      connectionTimeoutMillis: CONNECT_LIMIT,
      application_name: 'tarwarden sweep',
    });
    pool.on('error', onError);
    try {
      await migrate(pool);
    } catch (error) {
      await pool.end();
      throw error;
    }
    return new Ledger(pool);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  /** The position up to which a source was read; undefined at its beginning. */
  async cursor(source: string): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ seq: string }>(
      `select seq from ${SCHEMA}.cursor where source = $1`,
      [source],
    );
    return rows[0]?.seq;
  }

  /** Makes the next reading of a source start at its beginning. */
  async forgetCursor(source: string): Promise<void> {
    await this.pool.query(`delete from ${SCHEMA}.cursor where source = $1`, [source]);
  }

  /** Adds tasks of a sweep and moves the cursor of its source, both or neither. */
  async plan(
    { name, place }: { readonly name: string; readonly place: string },
    tasks: readonly SweepTask[],
    seq: string,
  ): Promise<void> {
    await this.#transaction(async (client) => {
      await client.query(
        `insert into ${SCHEMA}.task (source, id, what)
         select $1, id, what from unnest($2::text[], $3::text[]) as new (id, what)
         on conflict do nothing`,
        [name, tasks.map(({ id }) => id), tasks.map(taskText)],
      );
      await client.query(
        `insert into ${SCHEMA}.cursor (source, seq) values ($1, $2)
         on conflict (source) do update set seq = excluded.seq, moved = now()`,
        [place, seq],
      );
    });
  }

  /** The number of tasks that are not done. */
  async outstanding(source: string): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>(
      `select count(*)::int as count from ${SCHEMA}.task where source = $1`,
      [source],
    );
    return rows[0]!.count;
  }

  /** Tasks that are not done, in the order of their ids. */
  async tasks(source: string, after: string, count: number): Promise<SweepTask[]> {
    const { rows } = await this.pool.query<{ what: string }>(
      `select what from ${SCHEMA}.task where source = $1 and id > $2 order by id limit $3`,
      [source, after, count],
    );
    return rows.map(({ what }) => JSON.parse(what) as unknown).filter(isTask);
  }

  /** The verdicts that are in the ledger. `signed`: only those with a signature. */
  async known(ids: readonly VerdictId[], signed: boolean): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    const table = signed ? 'envelope' : 'verdict';
    const { rows } = await this.pool.query<{ context: string }>(
      `select encode(one.context, 'hex') as context
       from unnest($1::bytea[], $2::bytea[]) as asked (sha512, context)
       join ${SCHEMA}.${table} as one on one.sha512 = asked.sha512 and one.context = asked.context`,
      [ids.map(({ sha512 }) => bytes(sha512)), ids.map(({ context }) => bytes(context))],
    );
    return new Set(rows.map(({ context }) => context));
  }

  /** Writes results, each once. `done`: the task that ends, and its settled items. A queued task with the id of another ends nothing. */
  async write(
    source: string,
    results: readonly (LedgerVerdict | LedgerFailure)[],
    done?: { readonly task: SweepTask; readonly settled: readonly string[] },
  ): Promise<void> {
    const inspected = results.filter((result) => 'verdict' in result);
    const failed = results.filter((result) => 'reason' in result);
    await this.#transaction(async (client) => {
      if (inspected.length > 0) await writeInspected(client, source, inspected);
      if (failed.length > 0) await writeFailed(client, source, failed);
      if (done === undefined) return;
      await settle(client, source, done.settled);
      await client.query(`delete from ${SCHEMA}.task where source = $1 and id = $2 and what = $3`, [
        source,
        done.task.id,
        taskText(done.task),
      ]);
    });
  }

  async #transaction(run: (client: PoolClient) => Promise<void>): Promise<void> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('begin');
      await run(client);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback').catch((cause: unknown) => (broken = cause as Error));
      throw error;
    } finally {
      client.release(broken);
    }
  }
}

async function writeInspected(
  client: PoolClient,
  source: string,
  inspected: readonly LedgerVerdict[],
): Promise<void> {
  // In one order everywhere, so that two transactions never wait for each other.
  const sorted = inspected.toSorted((left, right) => (left.context < right.context ? -1 : 1));
  const rows = JSON.stringify(sorted.map(rowOf));
  await client.query(
    `insert into ${SCHEMA}.verdict
       (sha512, context, ruleset, status, rules, warned, findings, bytes, unpacked, entries)
     select decode(sha512, 'hex'), decode(context, 'hex'), ruleset, status,
       array(select jsonb_array_elements_text(rules)), array(select jsonb_array_elements_text(warned)),
       findings, bytes, unpacked, entries
     from jsonb_to_recordset($1::jsonb) as new (sha512 text, context text, ruleset text, status text,
       rules jsonb, warned jsonb, findings text, bytes bigint, unpacked bigint, entries bigint)
     on conflict do nothing`,
    [rows],
  );
  await client.query(
    `insert into ${SCHEMA}.occurrence (name, version, sha512, source, published, packer)
     select name, version, decode(sha512, 'hex'), $2, published, packer
     from jsonb_to_recordset($1::jsonb) as new
       (name text, version text, sha512 text, published timestamptz, packer text)
     order by name, version, sha512
     on conflict do nothing`,
    [rows, source],
  );
  await client.query(
    `insert into ${SCHEMA}.envelope (sha512, context, envelope)
     select decode(sha512, 'hex'), decode(context, 'hex'), envelope
     from jsonb_to_recordset($1::jsonb) as new (sha512 text, context text, envelope text)
     where envelope is not null
     on conflict do nothing`,
    [rows],
  );
  const items = inspected.map(({ item }) => item);
  await settle(client, source, items);
}

async function settle(client: PoolClient, source: string, items: readonly string[]): Promise<void> {
  await client.query(
    `delete from ${SCHEMA}.not_inspected where source = $1 and item = any($2::text[])`,
    [source, items],
  );
}

/** A row as JSON for the database. Findings are a JSON text inside it, so hostile text stays escaped. */
function rowOf({ verdict, envelope, ...fields }: LedgerVerdict): Record<string, unknown> {
  const { findings, status, archive } = verdict;
  const rulesOf = (level: string): string[] => [
    ...new Set(findings.flatMap((finding) => (finding.level === level ? [finding.rule] : []))),
  ];
  return {
    ...fields,
    sha512: archive.sha512,
    status,
    rules: rulesOf('error'),
    warned: rulesOf('warning'),
    findings: findings.length === 0 ? null : JSON.stringify(findings),
    bytes: archive.compressedBytes,
    unpacked: archive.unpackedBytes,
    entries: archive.entries,
    envelope: envelope ?? null,
  };
}

async function writeFailed(
  client: PoolClient,
  source: string,
  failed: readonly LedgerFailure[],
): Promise<void> {
  const byItem = new Map(failed.map((failure) => [failure.item, failure.reason]));
  const sorted = [...byItem].toSorted(([left], [right]) => (left < right ? -1 : 1));
  await client.query(
    `insert into ${SCHEMA}.not_inspected (source, item, reason)
     select $1, item, reason from unnest($2::text[], $3::text[]) as new (item, reason)
     on conflict (source, item) do update set reason = excluded.reason, seen = now()`,
    [source, sorted.map(([item]) => item), sorted.map(([, reason]) => reason)],
  );
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

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
