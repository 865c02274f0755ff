import { MAX_ZERO_TAIL, type Limits } from '../../limits.ts';
import type { Anomaly } from '../../finding/anomaly.ts';
import type { Code } from '../../finding/rule-id.ts';
import type { Entry } from '../entry.ts';
import { isZero } from './blocks.ts';
import { EntryReader } from './entry-reader.ts';
import { BLOCK, isHeader } from './header.ts';

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
    if (this.#bodyLeft === 0) this.#entries.end(this.position);
    if (this.#zeroBlocks >= 2) {
      // Writers pad the end with zeros to any length, not only to whole blocks.
      if (!isZero(this.#partial, 0, this.#partialLength)) {
        this.#stop('nonzero-tail', 'bytes other than zero follow a zero block');
        return;
      }
      const tail = (this.#zeroBlocks - 2) * BLOCK + this.#partialLength;
      const offset = this.position - this.#zeroBlocks * BLOCK;
      if (tail > MAX_ZERO_TAIL)
        this.#sink.anomaly({
          layer: 'tar',
          code: 'long-zero-tail',
          detail: `${tail} bytes`,
          offset,
        });
      return;
    }
    if (this.#bodyLeft > 0 || this.#partialLength > 0 || this.#paddingLeft > 0) {
      const what = this.#partialLength > 0 ? 'a block' : 'the content of an entry';
      this.#stop('tar-truncated', `the archive ends inside ${what}`);
      return;
    }
    const found = this.#zeroBlocks === 0 ? 'no zero block' : 'one zero block';
    this.#stop('missing-end-marker', `${found} at the end instead of two`);
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
      else this.#stop('nonzero-tail', 'bytes other than zero follow a zero block', offset);
      return;
    }
    const step = this.#entries.header(bytes, at, offset);
    if (step.kind === 'stop') {
      this.stopped = true;
      return;
    }
    this.#sink.header?.(bytes, at, offset);
    this.#bodyLeft = step.size;
    this.#paddingLeft = (BLOCK - (step.size % BLOCK)) % BLOCK;
    this.#paddingIsRead = this.#entries.extending;
    if (step.kind === 'entry') {
      this.#current = this.#sink.entry(step.entry) ? step.entry : undefined;
    } else {
      this.#current = undefined;
      if (step.size === 0) this.#entries.extendedEnd();
    }
  }

  #takeBody(piece: Buffer, at: number, length: number): void {
    this.#bodyLeft -= length;
    this.position += length;
    if (this.#entries.extending) {
      this.#entries.extendedBody(piece.subarray(at, at + length));
      if (this.#bodyLeft === 0) this.#entries.extendedEnd();
    } else if (this.#current) {
      this.#sink.body(this.#current, piece.subarray(at, at + length));
    }
  }

  #seePadding(): void {
    this.#paddingIsRead = false;
    this.#sink.anomaly({
      layer: 'tar',
      code: 'extended-header-padding',
      detail: 'bytes other than zero follow the content of an extended header',
      // The offset of the block with these bytes, however the archive is cut into pieces.
      offset: this.position + this.#paddingLeft - BLOCK,
    });
  }

  #stop(code: Code, detail: string, offset: number = this.position): void {
    this.stopped = true;
    this.#sink.anomaly({ layer: 'tar', code, detail, offset });
  }
}
