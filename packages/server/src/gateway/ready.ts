/* Whether the gateway refuses what it has to refuse: asked before anybody is sent to it, and again and again. */
import { Readable } from 'node:stream';
import { RULESET, type Policy } from '@tarwarden/core';
import type { GatewayTrial } from '@tarwarden/guarded-run/trial-archives';
import type { Spool } from './spool.ts';
import { inspectedBy, type GateThreads } from './gate.ts';

/** A sentence for a probe, and whether the gateway may be sent requests. */
export interface Readiness {
  readonly ready: boolean;
  readonly text: string;
}

export async function readiness(
  {
    spool,
    threads,
    policy,
  }: {
    readonly spool: Spool;
    readonly threads: GateThreads;
    readonly policy: Policy;
  },
  trials: readonly GatewayTrial[],
): Promise<Readiness> {
  for (const { bytes, format, expected, rule } of trials)
    // As what is small is inspected, and what is not.
    for (const inFile of [false, true]) {
      const spooled = await spool.take(Readable.from([bytes]), { inFile });
      try {
        const options = { policy, expected, format };
        const { status, findings } = await inspectedBy(threads, spooled, options);
        if (status !== 'reject' || findings.every((finding) => finding.rule !== rule))
          return { ready: false, text: 'not ready: a hostile archive is accepted\n' };
      } finally {
        await spool.drop(spooled);
      }
    }
  return { ready: true, text: `ready: a hostile archive is refused, rule set ${RULESET}\n` };
}
