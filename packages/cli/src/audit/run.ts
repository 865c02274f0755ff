import { Worker } from 'node:worker_threads';
import type { AuditOptions } from '@tarwarden/audit';
import type { Policy } from '@tarwarden/core';

/** One run of the command. */
export interface Run {
  readonly policy: Policy;
  readonly offline: boolean;
  readonly installed: boolean;
  /** Address of the program's main file. */
  readonly mainUrl: string;
  /** What a person should know in the end, one line each. */
  readonly notes: Set<string>;
  /** Something that was to be audited has nothing in it: that is never clean. */
  isEmpty: boolean;
}

export function optionsOf({
  policy,
  mainUrl,
}: Pick<Run, 'policy' | 'mainUrl'>): Pick<AuditOptions, 'policy' | 'env' | 'startThread'> {
  return {
    policy,
    env: process.env,
    startThread: inspectingThread(mainUrl),
  };
}

/** Starts threads that inspect archives of every format. */
export function inspectingThread(mainUrl: string): () => Worker {
  return () => new Worker(new URL('./audit-thread.js', mainUrl));
}
