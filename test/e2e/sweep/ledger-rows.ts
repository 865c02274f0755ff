/* A ledger with contents, written as a worker writes them, and by SQL where a worker would not. */
import { createHash } from 'node:crypto';
import type { Finding, RuleId, Verdict } from '@tarwarden/core';
import type { Ledger } from '../../../packages/server/src/sweep/ledger/ledger.ts';

type Inspected = Extract<Parameters<Ledger['write']>[1][number], { verdict: Verdict }>;

export const digest = (text: string, algorithm: 'sha512' | 'sha256' = 'sha512'): string =>
  createHash(algorithm).update(text).digest('hex');

export function finding(
  rule: string,
  level: Finding['level'],
  more: Partial<Finding> = {},
): Finding {
  return { rule: rule as RuleId, level, message: `about ${rule}`, ...more };
}

export interface Archive {
  readonly name: string;
  readonly version?: string;
  /** Of its bytes; its name and version where it is left out. */
  readonly content?: string;
  readonly published?: string | null;
  readonly packer?: string;
  readonly findings?: readonly Finding[];
  readonly ruleset?: string;
  readonly envelope?: string;
}

export function inspected(archive: Archive): Inspected {
  const { name, version = '1.0.0', published = null, packer = 'unknown', ruleset = '9' } = archive;
  const { findings = [], envelope } = archive;
  const item = `${name}@${version}`;
  const sha512 = digest(archive.content ?? item);
  return {
    item,
    name,
    version,
    context: digest(`${ruleset} ${item} ${sha512}`, 'sha256'),
    ruleset,
    verdict: {
      status: findings.some(({ level, excepted }) => level === 'error' && excepted === undefined)
        ? 'reject'
        : 'accept',
      format: 'npm',
      findings,
      omitted: 0,
      archive: { sha512, integrity: '', compressedBytes: 100, unpackedBytes: 1000, entries: 3 },
    },
    published,
    packer,
    ...(envelope !== undefined && { envelope }),
  };
}

export async function fill(ledger: Ledger, archives: readonly Archive[]): Promise<void> {
  await ledger.write('test', archives.map(inspected));
}

export async function clear(ledger: Ledger): Promise<void> {
  for (const table of ['verdict', 'occurrence', 'not_inspected', 'task', 'envelope'])
    await ledger.pool.query(`truncate tarwarden_sweep.${table}`);
}

/** Verdicts and package versions without an end, by the database itself: most accepted, a few packers that have nearly all. */
export async function fillMany(ledger: Ledger, count: number): Promise<void> {
  await ledger.pool.query(
    `insert into tarwarden_sweep.verdict (sha512, context, ruleset, status, rules, warned, findings, bytes, unpacked, entries, inspected)
     select sha512(at::text::bytea), sha256(at::text::bytea), '9',
       case when at % 500 = 0 then 'reject' else 'accept' end,
       case when at % 500 = 0 then array['rule-' || at / 500 % 40] else '{}' end,
       case when at % 20 = 0 then array['warning-' || at / 20 % 7] else '{}' end,
       case when at % 500 = 0 then
         '[{"rule":"rule","level":"error","message":"m","entry":"package/' || at || '"},{"rule":"other","level":"warning","message":"n"}]'
         when at % 20 = 0 then '[{"rule":"warning","level":"warning","message":"m"}]' end,
       1000, 5000, 12, now() - at * interval '1 second'
     from generate_series(1, $1::int) as at`,
    [count],
  );
  await ledger.pool.query(
    `insert into tarwarden_sweep.occurrence (name, version, sha512, source, published, packer)
     select 'package-' || at / 12, '1.0.' || at, sha512(at::text::bytea), 'many',
       timestamptz '2026-01-01' - ((at % 997) ^ 2 / 997)::int * 5 * interval '1 day',
       case when at % 100 = 7 then 'odd-' || at when at % 10 < 7 then 'npm 10' else 'yarn ' || at % 5 end
     from generate_series(1, $1::int) as at`,
    [count],
  );
  await ledger.pool.query('analyze tarwarden_sweep.verdict, tarwarden_sweep.occurrence');
}
