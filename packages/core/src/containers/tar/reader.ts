import { MAX_ZERO_TAIL, type Limits } from '../../limits.ts';
import type { Anomaly } from '../../finding/anomaly.ts';
import type { Code } from '../../finding/rule-id.ts';
import type { Entry } from '../entry.ts';
import { EntryReader } from './entry-reader.ts';
import { BLOCK, isHeader, isZero } from './header.ts';

/** Receives entries, content and anomalies in the order of the archive. */
export interface TarSink {
  /** Called after the header of an entry is read. Returns whether the content is wanted. */
  entry(entry: Entry): boolean;
  /** A piece of wanted content, in order. The memory is reused after the call, so copy the bytes that you keep. */
  body(entry: Entry, piece: Buffer): void;
  anomaly(anomaly: Anomaly): void;
  /**
   * Called with every header whose checksum fits, of entries and of extended headers, in `block[at, at + 512)`, before it is read
   * further. For checks of fields that only some clients look at.
   */
  header?(block: Buffer, at: number, offset: number): void;
}

/**
 * Strict reader of POSIX ustar and pax archives. It takes the archive in pieces of any size, and its reports do not depend on the
 * pieces. It never repairs: it reports everything outside the accepted grammar as an anomaly, and stops where the structure can no
 * longer be trusted.
 */
export class TarReader {
  /** Bytes taken so far. */
  position = 0;
  /** The archive cannot be read further, and the rest is ignored. */
  stopped = false;

  readonly #sink: TarSink;
  readonly #entries: EntryReader;
  readonly #partial: Buffer = Buffer.alloc(BLOCK);
  #partialLength = 0;
  #bodyLeft = 0;
  #paddingLeft = 0;
  /** The padding belongs to an extended header, and was zero so far. Python reads it as part of the content. */
  #paddingIsRead = false;
  #current: Entry | undefined;
  #zeroBlocks = 0;

  constructor(sink: TarSink, limits: Limits) {
    this.#sink = sink;
    this.#entries = new EntryReader(limits, (anomaly) => sink.anomaly(anomaly));
  }

  get entries(): number {
    return this.#entries.count;
  }

  push(piece: Buffer): void {
    let at = 0;
    const end = piece.length;
    while (at < end && !this.stopped) {
      if (this.#bodyLeft > 0) {
        const length = Math.min(this.#bodyLeft, end - at);
        this.#takeBody(piece, at, length);
        at += length;
      } else if (this.#paddingLeft > 0) {
        const length = Math.min(this.#paddingLeft, end - at);
        if (this.#paddingIsRead && !isZero(piece, at, at + length)) this.#seePadding();
        this.#paddingLeft -= length;
        this.position += length;
        at += length;
      } else if (this.#partialLength > 0 || end - at < BLOCK) {
        const length = Math.min(BLOCK - this.#partialLength, end - at);
        piece.copy(this.#partial, this.#partialLength, at, at + length);
        this.#partialLength += length;
        at += length;
        if (this.#partialLength === BLOCK) {
          this.#partialLength = 0;
          this.#block(this.#partial, 0);
        }
      } else {
        this.#block(piece, at);
        at += BLOCK;
      }
    }
  }

  /** Ends the archive: no further piece comes. */
  end(): void {
    if (this.stopped) return;
    if (this.#bodyLeft === 0) this.#entries.extended.end(this.position);
    if (this.#zeroBlocks >= 2) this.#tail();
    else if (this.#bodyLeft > 0 || this.#partialLength > 0 || this.#paddingLeft > 0) {
      const part = this.#partialLength > 0 ? 'a block' : 'the content of an entry';
      this.#stop('tar-truncated', `the archive ends inside ${part}`);
    } else {
      const blocks = this.#zeroBlocks === 0 ? 'no zero block' : 'one zero block';
      this.#stop('missing-end-marker', `${blocks} at the end instead of two`);
    }
  }

  /** Checks the end. Writers pad it with zeros to any length, not only to whole blocks. */
  #tail(): void {
    if (!isZero(this.#partial, 0, this.#partialLength)) {
      this.#stop('nonzero-tail', NONZERO_TAIL);
      return;
    }
    const tail = (this.#zeroBlocks - 2) * BLOCK + this.#partialLength;
    const offset = this.position - this.#zeroBlocks * BLOCK;
    if (tail > MAX_ZERO_TAIL) this.#see('long-zero-tail', `${tail} bytes`, offset);
  }

  #block(bytes: Buffer, at: number): void {
    const offset = this.position;
    this.position += BLOCK;
    if (bytes[at] === 0 && isZero(bytes, at, at + BLOCK)) {
      this.#zeroBlocks++;
      return;
    }
    if (this.#zeroBlocks > 0) {
      if (isHeader(bytes, at))
        this.#stop('entries-after-end', 'a header follows a zero block', offset);
      else this.#stop('nonzero-tail', NONZERO_TAIL, offset);
      return;
    }
    const step = this.#entries.header(bytes, at, offset);
    if (step === undefined) {
      this.stopped = true;
      return;
    }
    this.#sink.header?.(bytes, at, offset);
    this.#bodyLeft = step.size;
    this.#paddingLeft = (BLOCK - (step.size % BLOCK)) % BLOCK;
    const { extended } = this.#entries;
    this.#paddingIsRead = extended.open;
    const { entry } = step;
    this.#current = entry !== undefined && this.#sink.entry(entry) ? entry : undefined;
    if (entry === undefined && step.size === 0) extended.close();
  }

  #takeBody(piece: Buffer, at: number, length: number): void {
    this.#bodyLeft -= length;
    this.position += length;
    const { extended } = this.#entries;
    if (extended.open) {
      extended.body(piece.subarray(at, at + length));
      if (this.#bodyLeft === 0) extended.close();
    } else if (this.#current) {
      this.#sink.body(this.#current, piece.subarray(at, at + length));
    }
  }

  #seePadding(): void {
    this.#paddingIsRead = false;
    // The offset of the block with these bytes, however the archive is cut into pieces.
    const offset = this.position + this.#paddingLeft - BLOCK;
    const detail = 'bytes other than zero follow the content of an extended header';
    this.#see('extended-header-padding', detail, offset);
  }

  #stop(code: Code, detail: string, offset: number = this.position): void {
    this.stopped = true;
    this.#see(code, detail, offset);
  }

  #see(code: Code, detail: string, offset: number): void {
    this.#sink.anomaly({ layer: 'tar', code, detail, offset });
  }
}

const NONZERO_TAIL = 'bytes other than zero follow a zero block';
