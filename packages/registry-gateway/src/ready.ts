/* Whether the gateway refuses what it has to refuse: asked before anybody is sent to it, and again and again. */
import { gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { RULESET, type Policy } from '@tarwarden/core';
import { tar } from '@tarwarden/guarded-run/trial-archives';
import type { Spool } from './spool.ts';
import type { Inspects } from './gate.ts';

/** Aimed at nothing: it is never unpacked. */
const hostile: Buffer = gzipSync(tar([{ path: 'package/link', link: '../../outside' }]));

/** A sentence for a probe, and whether the gateway may be sent requests. */
export interface Readiness {
  readonly ready: boolean;
  readonly text: string;
}

export async function readiness({
  spool,
  threads,
  policy,
}: {
  readonly spool: Spool;
  readonly threads: Inspects;
  readonly policy: Policy;
}): Promise<Readiness> {
  const spooled = await spool.take(Readable.from([hostile]));
  try {
    const expected = { name: 'link', version: '1.0.0' };
    const { status, findings } = await threads.inspectFile(spooled.path, { policy, expected });
    const refused = status === 'reject' && findings.some(({ rule }) => rule === 'symlink');
    return refused
      ? { ready: true, text: `ready: a hostile archive is refused, rule set ${RULESET}\n` }
      : { ready: false, text: 'not ready: a hostile archive is accepted\n' };
  } finally {
    await spool.drop(spooled);
  }
}
