import type { Ledger } from './ledger.ts';
import { SCHEMA } from './schema.ts';

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
