/* Whether the gateway refuses what it has to refuse: asked before anybody is sent to it, and again and again. */
import { gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { RULESET, type Policy } from '@tarwarden/core';
import { tar } from '@tarwarden/guarded-run/trial-archives';
import type { Spool } from './spool.ts';
import { inspectedBy, type Inspects } from './gate.ts';

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
  const expected = { name: 'link', version: '1.0.0' };
  // As what is small is inspected, and what is not.
  for (const inFile of [false, true]) {
    const spooled = await spool.take(Readable.from([hostile]), { inFile });
    try {
      const { status, findings } = await inspectedBy(threads, spooled, { policy, expected });
      if (status !== 'reject' || findings.every(({ rule }) => rule !== 'symlink'))
        return { ready: false, text: 'not ready: a hostile archive is accepted\n' };
    } finally {
      await spool.drop(spooled);
    }
  }
  return { ready: true, text: `ready: a hostile archive is refused, rule set ${RULESET}\n` };
}
