/* The tables of approvals, in a schema of their own beside the sweep's. New changes are added at the end. */
import type { Pool } from 'pg';
import { migrateSchema } from '../sweep/ledger/schema.ts';

export const APPROVALS_SCHEMA = 'tarwarden_approvals';

/** Number of the lock that servers take before they make tables. Any number that no other program uses. */
const LOCK = 7_249_114_306;

const MIGRATIONS: readonly string[] = [
  `
  create table ${APPROVALS_SCHEMA}.event (
    number bigint primary key check (number > 0),
    line text not null
  );
  create function ${APPROVALS_SCHEMA}.refuse_change() returns trigger language plpgsql as $body$
  begin
    raise exception 'the ledger of approvals is append-only';
  end
  $body$;
  create trigger append_only before update or delete on ${APPROVALS_SCHEMA}.event
    for each row execute function ${APPROVALS_SCHEMA}.refuse_change();
  create trigger never_emptied before truncate on ${APPROVALS_SCHEMA}.event
    for each statement execute function ${APPROVALS_SCHEMA}.refuse_change();
  create table ${APPROVALS_SCHEMA}.refusal (
    id text primary key,
    refusal text not null,
    seen timestamptz not null default now()
  );
  create index refusal_seen on ${APPROVALS_SCHEMA}.refusal (seen);
  create table ${APPROVALS_SCHEMA}.secret (
    name text primary key,
    value text not null
  );
  `,
];

/** @throws Error if the tables were made by a newer version. */
export async function migrateApprovals(pool: Pool): Promise<void> {
  await migrateSchema(pool, { schema: APPROVALS_SCHEMA, lock: LOCK, migrations: MIGRATIONS });
}
