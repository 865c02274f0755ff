/* Checks that the gateway refuses hostile archives, before it gets requests and then again and again. */
import { Readable } from 'node:stream';
import { RULESET, type Policy } from '@tarwarden/core';
import type { GatewayTrial } from './trials.ts';
import type { Spool } from './spool.ts';
import { inspectedBy, type GateThreads } from './gate-parts.ts';

/** The answer to a probe: a sentence, and whether the gateway may get requests. */
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
    // Inspect once in memory, like a small archive, and once in a file.
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
