/* The parts of the gate, and what it gives to its callers. */
import type { Readable } from 'node:stream';
import type { ExpectedPackage, Format, Policy, Verdict } from '@tarwarden/core';
import type { CacheParts } from './cache/archive-source.ts';
import type { Metrics } from './metrics.ts';
import type { Mismatch } from './mismatches.ts';
import type { Spool, Spooled } from './spool.ts';
import type { Verdicts } from './verdicts.ts';
import type { ArchiveIdentity } from './wanted.ts';

export interface InspectsOptions {
  readonly policy: Policy;
  readonly expected: ExpectedPackage;
  /** Default: a tarball of npm. */
  readonly format?: Format;
}

export interface GateThreads {
  /** `sha512`: the digest of these bytes, which are copied. */
  inspect(bytes: Uint8Array, options: InspectsOptions & { sha512: string }): Promise<Verdict>;
  inspectFile(path: string, options: InspectsOptions): Promise<Verdict>;
}

export interface GateParts {
  readonly verdicts: Verdicts;
  readonly spool: Spool;
  readonly threads: GateThreads;
  readonly metrics: Metrics;
  /** Called with a line for each exception that lets an archive pass, each time. */
  readonly onException?: ((line: string) => void) | undefined;
  readonly onMismatch: (mismatch: Mismatch) => void;
  readonly cache?: CacheParts | undefined;
  /** Called when the cache has other bytes for an archive than it was given. */
  readonly onDamaged: (identity: ArchiveIdentity) => void;
}

/** An archive that was accepted, until it is released. */
export interface Landed {
  readonly bytes: number;
  /** 128 lower-case hex digits. */
  readonly sha512: string;
  /** The inspected bytes, if they are in memory. They are shared and must not be changed. */
  readonly content: Buffer | undefined;
  /** Whether the bytes come from the cache. */
  readonly isCopy: boolean | undefined;
  /** Reads the same bytes, as often as needed before the release. */
  readonly read: () => Readable;
  readonly release: () => void;
}

/** An accepted archive whose bytes are in memory. */
export interface HotArchive extends Landed {
  readonly content: Buffer;
}

/** Bytes in memory were hashed during the download and are not hashed again. */
export async function inspectedBy(
  threads: GateThreads,
  { at, sha512 }: Spooled,
  options: InspectsOptions,
): Promise<Verdict> {
  if (typeof at === 'string') return threads.inspectFile(at, options);
  return threads.inspect(at, { ...options, sha512 });
}
