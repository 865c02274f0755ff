/* A ledger in PostgreSQL, for servers that do not share a folder. */
import { randomBytes } from 'node:crypto';
import { Pool, type Client } from 'pg';
import { SteadyClient } from '../sweep/steady-client.ts';
import type { LedgerHome } from './ledger.ts';
import type { RefusalHome } from './refusals.ts';
import { APPROVALS_SCHEMA, migrateApprovals } from './schema.ts';

/** The most connections of one process, beside the one that listens. */
const CONNECTIONS = 4;
/** Milliseconds for a connection, for a query, and between two tries to listen. */
const CONNECT_LIMIT = 10_000;
const QUERY_LIMIT = 10_000;
const LISTEN_PAUSE = 2_000;
/** The most lines of one answer. */
const LINES = 50;

const CHANNEL = 'tarwarden_approvals';

export class PostgresHome implements LedgerHome {
  readonly #address: string;
  readonly #pool: Pool;
  readonly refusals: RefusalHome;
  #listener: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  private constructor(address: string, pool: Pool) {
    this.#address = address;
    this.#pool = pool;
    this.refusals = new PostgresRefusals(pool);
  }

  static async open(address: string): Promise<PostgresHome> {
    const pool = new Pool({
      connectionString: address,
      max: CONNECTIONS,
      Client: SteadyClient,
      connectionTimeoutMillis: CONNECT_LIMIT,
      query_timeout: QUERY_LIMIT,
      application_name: 'tarwarden approvals',
    });
    // A broken idle connection is replaced. The next query says whether the database is gone.
    pool.on('error', () => undefined);
    try {
      await migrateApprovals(pool);
    } catch (error) {
      await pool.end();
      throw error;
    }
    return new PostgresHome(address, pool);
  }

  async read(from: number): Promise<readonly string[]> {
    const { rows } = await this.#pool.query<{ line: string }>(
      `select line from ${APPROVALS_SCHEMA}.event where number >= $1 order by number limit ${LINES}`,
      [from],
    );
    return rows.map(({ line }) => line);
  }

  async append(number: number, line: string): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `with added as (
         insert into ${APPROVALS_SCHEMA}.event (number, line)
         select $1::bigint, $2
         where (select coalesce(max(number), 0) from ${APPROVALS_SCHEMA}.event) = $1::bigint - 1
         on conflict do nothing
         returning number
       )
       select pg_notify('${CHANNEL}', number::text) from added`,
      [number, line],
    );
    return rowCount === 1;
  }

  onAdded(callback: () => void): void {
    void this.#listen(callback);
  }

  /** Listens on a connection of its own, and connects again when that breaks. */
  async #listen(callback: () => void): Promise<void> {
    const client = new SteadyClient({
      connectionString: this.#address,
      connectionTimeoutMillis: CONNECT_LIMIT,
      keepAlive: true,
      application_name: 'tarwarden approvals',
    });
    let isOver = false;
    const again = (): void => {
      if (isOver) return;
      isOver = true;
      void client.end().catch(() => undefined);
      if (this.#isClosed) return;
      this.#timer = setTimeout(() => void this.#listen(callback), LISTEN_PAUSE).unref();
    };
    client.on('error', again);
    client.on('end', again);
    client.on('notification', callback);
    this.#listener = client;
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      callback();
    } catch {
      again();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#listener?.end().catch(() => undefined);
    await this.#pool.end();
  }
}

class PostgresRefusals implements RefusalHome {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async secret(): Promise<string> {
    await this.#pool.query(
      `insert into ${APPROVALS_SCHEMA}.secret (name, value) values ('refusals', $1)
       on conflict do nothing`,
      [randomBytes(32).toString('hex')],
    );
    const { rows } = await this.#pool.query<{ value: string }>(
      `select value from ${APPROVALS_SCHEMA}.secret where name = 'refusals'`,
    );
    return rows[0]!.value;
  }

  async put(id: string, text: string): Promise<void> {
    await this.#pool.query(
      `insert into ${APPROVALS_SCHEMA}.refusal (id, refusal) values ($1, $2)
       on conflict (id) do update set refusal = excluded.refusal, seen = now()`,
      [id, text],
    );
  }

  async get(id: string): Promise<string | undefined> {
    const { rows } = await this.#pool.query<{ refusal: string }>(
      `select refusal from ${APPROVALS_SCHEMA}.refusal where id = $1`,
      [id],
    );
    return rows[0]?.refusal;
  }

  async trim({ before, most }: { readonly before: number; readonly most: number }): Promise<void> {
    await this.#pool.query(
      `delete from ${APPROVALS_SCHEMA}.refusal
       where seen < $1
         or id in (select id from ${APPROVALS_SCHEMA}.refusal order by seen desc offset $2)`,
      [new Date(before), most],
    );
  }
}
