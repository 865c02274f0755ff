/* Checks that the gateway refuses hostile archives, before it gets requests and then again and again. */
import { gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import {
  RULESET,
  type ExpectedPackage,
  type Format,
  type Policy,
  type RuleId,
} from '@tarwarden/core';
import { tar } from '@tarwarden/guarded-run/trial-archives';
import type { Spool } from './spool.ts';
import { inspectedBy, type InspectionThreads } from './gate.ts';

/** A hostile archive, and the rule that has to refuse it. */
export interface HostileTrial {
  readonly bytes: Buffer;
  readonly format: Format;
  readonly expected: ExpectedPackage;
  readonly rule: RuleId;
}

/** Its target is harmless, and it is never unpacked. */
export const NPM_TRIAL: HostileTrial = {
  bytes: gzipSync(tar([{ path: 'package/link', link: '../../outside' }])),
  format: 'npm',
  expected: { name: 'link', version: '1.0.0' },
  rule: 'symlink',
};

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
    readonly threads: InspectionThreads;
    readonly policy: Policy;
  },
  trials: readonly HostileTrial[],
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
