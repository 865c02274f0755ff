import { Worker } from 'node:worker_threads';
import type { AuditOptions } from '@tarwarden/audit';
import type { Policy } from '@tarwarden/core';

/** The part of the options of an audit that is the same for every command that runs one. */
export function auditOptions({
  policy,
  mainUrl,
}: {
  readonly policy: Policy;
  readonly mainUrl: string;
}): Pick<AuditOptions, 'policy' | 'env' | 'startThread'> {
  return { policy, env: process.env, startThread: inspectingThread(mainUrl) };
}

/** Starts threads that inspect archives of every format. */
export function inspectingThread(mainUrl: string): () => Worker {
  return () => new Worker(new URL('./audit-thread.js', mainUrl));
}
