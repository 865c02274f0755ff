/*
 * Archives for which the registry sent other bytes than it promised, or than it sent before. A client gets no byte of the first kind. The
 * second kind is inspected like any new archive, and reported, because no registry should change a version that it has published.
 */
import { redactUrl } from '@tarwarden/core/text';
import type { Logger } from 'pino';
import { Remembered } from '../serving/remembered.ts';
import { GatewayAnswer } from './answers.ts';
import type { Metrics } from './metrics.ts';
import { withoutQuery } from './upstream-answer.ts';
import { archiveLabel, type ArchiveIdentity } from './wanted.ts';

export type MismatchKind = 'promised' | 'changed';

export interface Mismatch {
  readonly kind: MismatchKind;
  readonly identity: ArchiveIdentity;
  readonly location: string;
  /** Mismatches of this archive in a row. The log needs only the first. */
  readonly times: number;
}

/** After so many mismatches in a row the registry is not asked for a while. A single one may be a fault of the network. */
const IN_A_ROW = 2;
/** Milliseconds for which the registry is not asked. */
const NOT_ASKED = 60_000;
/** The most archives that are remembered, by mismatch and by known bytes. */
const REMEMBERED_MAX = 50_000;

interface Row {
  readonly times: number;
  readonly at: number;
}

export interface MismatchParts {
  readonly metrics: Metrics;
  readonly onMismatch: (mismatch: Mismatch) => void;
}

export interface MismatchSource {
  /** Key of the flight. It covers the source of the bytes, the inspection, the promised hash, and the client. */
  readonly key: string;
  readonly identity: ArchiveIdentity;
  readonly location: string;
}

export class Mismatches {
  readonly #parts: MismatchParts;
  readonly #rows = new Remembered<Row>(REMEMBERED_MAX);
  /** SHA-512 of the accepted bytes, by source. */
  readonly #accepted = new Remembered<string>(REMEMBERED_MAX);

  constructor(parts: MismatchParts) {
    this.#parts = parts;
  }

  /** @throws GatewayAnswer while the registry is not asked for this archive. */
  check({ key, identity }: MismatchSource): void {
    const row = this.#rows.get(key);
    if (row === undefined || row.times < IN_A_ROW || performance.now() - row.at > NOT_ASKED) return;
    throw mismatchAnswer(identity);
  }

  /** Makes the answer for bytes that differ from the promised digest. */
  promised({ key, identity, location }: MismatchSource): GatewayAnswer {
    const times = (this.#rows.get(key)?.times ?? 0) + 1;
    this.#rows.set(key, { times, at: performance.now() });
    this.#report({ kind: 'promised', identity, location, times });
    return mismatchAnswer(identity);
  }

  /** Remembers the digest of the accepted bytes, and reports a change. */
  accepted({ key, identity, location }: MismatchSource, sha512: string): void {
    this.#rows.delete(key);
    const before = this.#accepted.get(key);
    this.#accepted.set(key, sha512);
    if (before !== undefined && before !== sha512)
      this.#report({ kind: 'changed', identity, location, times: 1 });
  }

  #report(mismatch: Mismatch): void {
    this.#parts.metrics.mismatches.inc({ kind: mismatch.kind });
    this.#parts.onMismatch(mismatch);
  }
}

/** Logs an archive once, however often it is requested. */
export function logMismatch(log: Logger, { kind, identity, location, times }: Mismatch): void {
  const about = {
    archive: archiveLabel(identity),
    from: redactUrl(withoutQuery(location)),
    mismatch: kind,
  };
  if (kind === 'changed') log.warn(about, 'the registry sends other bytes than before');
  else if (times === 1) log.error(about, 'the registry sends other bytes than it promises');
  else log.debug(about, 'the registry sends other bytes than it promises');
}

function mismatchAnswer(identity: ArchiveIdentity): GatewayAnswer {
  return new GatewayAnswer(
    502,
    `tarwarden: the registry sends other bytes for ${archiveLabel(identity)} than it promises: no byte of them is passed on`,
  );
}
