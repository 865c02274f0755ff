/* The tables of the ledger, in a schema of their own. New changes are added at the end, and a ledger is updated when it is opened. */
import type { Pool } from 'pg';

export const SCHEMA = 'tarwarden_sweep';

/** Number of the lock that machines take before they make tables. Any number that no other program uses. */
const LOCK = 7_249_114_305;

const MIGRATIONS: readonly string[] = [
  `
  create table ${SCHEMA}.verdict (
    sha512 bytea not null,
    context bytea not null,
    ruleset text not null,
    status text not null check (status in ('accept', 'reject')),
    rules text[] not null,
    warned text[] not null,
    findings text,
    bytes bigint not null,
    unpacked bigint not null,
    entries bigint not null,
    inspected timestamptz not null default now(),
    primary key (sha512, context)
  );
  create index verdict_rejected on ${SCHEMA}.verdict (inspected) where status = 'reject';
  create table ${SCHEMA}.occurrence (
    name text not null,
    version text not null,
    sha512 bytea not null,
    source text not null,
    published timestamptz,
    packer text not null,
    primary key (name, version, sha512)
  );
  create index occurrence_sha512 on ${SCHEMA}.occurrence (sha512);
  create table ${SCHEMA}.envelope (
    sha512 bytea not null,
    context bytea not null,
    envelope text not null,
    primary key (sha512, context)
  );
  create table ${SCHEMA}.not_inspected (
    source text not null,
    item text not null,
    reason text not null,
    seen timestamptz not null default now(),
    primary key (source, item)
  );
  create table ${SCHEMA}.task (
    source text not null,
    id text not null,
    what text not null,
    primary key (source, id)
  );
  create table ${SCHEMA}.cursor (
    source text primary key,
    seq text not null,
    moved timestamptz not null default now()
  );
  `,
];

/** @throws Error if the ledger was made by a newer version. */
export async function migrate(pool: Pool): Promise<void> {
  await migrateSchema(pool, { schema: SCHEMA, lock: LOCK, migrations: MIGRATIONS });
}

/** The tables of one part of the server. */
export interface SchemaMigrations {
  readonly schema: string;
  /** Number of the lock that machines take before they make tables. */
  readonly lock: number;
  /** Each is run once, in this order. */
  readonly migrations: readonly string[];
}

/** Makes or updates tables. @throws Error if they were made by a newer version. */
export async function migrateSchema(
  pool: Pool,
  { schema, lock, migrations }: SchemaMigrations,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [lock]);
    await client.query(`create schema if not exists ${schema}`);
    await client.query(`create table if not exists ${schema}.migration (number int primary key)`);
    const { rows } = await client.query<{ last: number }>(
      `select coalesce(max(number), 0) as last from ${schema}.migration`,
    );
    const last = rows[0]!.last;
    if (last > migrations.length)
      throw new Error('the ledger was made by a newer version of tarwarden');
    for (const [index, text] of migrations.entries()) {
      if (index < last) continue;
      await client.query(text);
      await client.query(`insert into ${schema}.migration values ($1)`, [index + 1]);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
