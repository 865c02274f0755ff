import {
  MAX_ALL_EXTENDED_BYTES,
  MAX_ALL_PAX_RECORDS,
  MAX_EXTENDED_HEADER_BYTES,
  MAX_HEADERS_BEFORE_ENTRY,
} from '../../limits.ts';
import { quote } from '../../text/printable.ts';
import type { Anomaly } from '../../finding/anomaly.ts';
import type { Field } from '../../finding/location.ts';
import type { Code } from '../../finding/rule-id.ts';
import { BLOCK } from './header.ts';
import { type PaxOverrides, readPax } from './pax.ts';

const PAX = 0x78; // x
export const GLOBAL = 0x67; // g
const LONG_NAME = 0x4c; // L
const LONG_LINK = 0x4b; // K

/** Keys of a global header that change neither path nor content of an entry, so that extractors may apply or ignore them. */
const HARMLESS: ReadonlySet<string> = new Set([
  'comment',
  'mtime',
  'atime',
  'ctime',
  'uid',
  'gid',
  'uname',
  'gname',
]);

/** Values that the extended headers before an entry set for it. */
export interface ExtendedValues extends PaxOverrides {
  /** Set when `path` came from a PAX header. */
  paxPath?: Buffer;
  /** Offset of `paxPath` in the archive. */
  paxPathAt?: number;
}

/** Collects extended headers (PAX `x` and `g`, GNU `L` and `K`) until the entry they belong to. */
export class ExtendedHeaders {
  /** The archive has more extended headers, or more in them, than is allowed. Reading stops there. */
  exhausted = false;

  readonly #report: (anomaly: Anomaly) => void;
  readonly #maxHeaders: number;
  #count = 0;
  /** Extended headers since the last entry. */
  #headersSinceEntry = 0;
  #bytes = 0;
  #records = 0;
  #typeflag = 0;
  #offset = 0;
  #pieces: Buffer[] = [];
  #oversized = false;
  /** An extended header was read since the last entry. */
  #dangling = false;
  #pending: ExtendedValues | undefined;
  #pendingTypes = '';

  /** @param maxHeaders Extended headers that an archive may have. */
  constructor(report: (anomaly: Anomaly) => void, maxHeaders: number) {
    this.#report = report;
    this.#maxHeaders = maxHeaders;
  }

  /** Whether content of an extended header is being read. */
  get open(): boolean {
    return this.#typeflag !== 0;
  }

  /** Begins an extended header if `typeflag` is the type of one. Returns whether it is. */
  begin(typeflag: number, size: number, offset: number): boolean {
    if (typeflag !== PAX && typeflag !== GLOBAL && typeflag !== LONG_NAME && typeflag !== LONG_LINK)
      return false;
    if (!this.#afford(size, offset)) return true;
    const letter = String.fromCharCode(typeflag);
    const earlier = this.#pendingTypes;
    const repeated = `two \`${letter}\` headers before one entry`;
    if (typeflag === GLOBAL) {
      const detail = 'a global header is between an extended header and its entry';
      if (earlier !== '') this.#see('extended-header-orphan', offset, detail);
      else if (this.#dangling) this.#see('extended-header-repeated', offset, repeated);
    } else {
      if (earlier.includes(letter)) this.#see('extended-header-repeated', offset, repeated);
      else if (earlier !== '' && (typeflag === PAX) !== earlier.includes('x'))
        this.#see('extended-headers-mixed', offset, `\`${letter}\` after \`${earlier}\``);
      this.#pendingTypes += letter;
      this.#pending ??= {};
    }
    this.#typeflag = typeflag;
    this.#offset = offset;
    this.#dangling = true;
    // After an empty extended header, tar-stream reads from a wrong place.
    if (size === 0) this.#see('pax-malformed', offset, 'the extended header is empty', 'size');
    this.#oversized = size > MAX_EXTENDED_HEADER_BYTES;
    const allowed = `${size} bytes; ${MAX_EXTENDED_HEADER_BYTES} are allowed`;
    if (this.#oversized) this.#see('extended-header-oversized', offset, allowed);
    return true;
  }

  #afford(size: number, offset: number): boolean {
    this.#count++;
    this.#headersSinceEntry++;
    this.#bytes += Math.min(size, MAX_EXTENDED_HEADER_BYTES);
    const tooMany = (detail: string): void => this.#exhaust('entry-count-limit', offset, detail);
    if (this.#count > this.#maxHeaders) tooMany(`more than ${this.#maxHeaders} extended headers`);
    else if (this.#headersSinceEntry > MAX_HEADERS_BEFORE_ENTRY)
      tooMany(`more than ${MAX_HEADERS_BEFORE_ENTRY} extended headers before one entry`);
    else if (this.#bytes > MAX_ALL_EXTENDED_BYTES) {
      const detail = `more than ${MAX_ALL_EXTENDED_BYTES} bytes in all extended headers`;
      this.#exhaust('extended-header-oversized', offset, detail);
    }
    return !this.exhausted;
  }

  #exhaust(code: Code, offset: number, detail: string): void {
    this.exhausted = true;
    this.#see(code, offset, detail);
  }

  body(piece: Buffer): void {
    // Copy the piece: the memory under it is reused after the call.
    if (!this.#oversized) this.#pieces.push(Buffer.from(piece));
  }

  /** The content is complete. */
  close(): void {
    const typeflag = this.#typeflag;
    const body = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    this.#typeflag = 0;
    this.#pieces = [];
    if (this.#oversized) return;
    if (typeflag === PAX || typeflag === GLOBAL) this.#pax(body, typeflag === GLOBAL);
    else this.#gnu(body, typeflag);
  }

  /** Returns the values for the entry whose header is being read, and forgets them. */
  take(): ExtendedValues | undefined {
    const pending = this.#pending;
    this.#dangling = false;
    this.#headersSinceEntry = 0;
    this.#pending = undefined;
    this.#pendingTypes = '';
    return pending;
  }

  /** The archive is over at `offset`. */
  end(offset: number): void {
    // A global header counts too: Python wants an entry after it.
    if (this.#dangling)
      this.#see('extended-header-orphan', offset, 'no entry follows an extended header');
  }

  #pax(body: Buffer, global: boolean): void {
    const offset = this.#offset;
    const { overrides, keys } = readPax(body, (code, detail) =>
      this.#see(code, offset, detail, 'content'),
    );
    this.#records += keys.length;
    if (this.#records > MAX_ALL_PAX_RECORDS) {
      const detail = `more than ${MAX_ALL_PAX_RECORDS} records in all extended headers`;
      this.#exhaust('extended-header-oversized', offset, detail);
    }
    if (!global) {
      const pending = (this.#pending ??= {});
      if (overrides.path) {
        pending.paxPath = overrides.path;
        pending.paxPathAt = offset + BLOCK + overrides.path.byteOffset - body.byteOffset;
      }
      Object.assign(pending, overrides);
      return;
    }
    const harmfulKeys = keys.filter((key) => !HARMLESS.has(key));
    if (harmfulKeys.length === 0) return;
    const keyList = harmfulKeys.slice(0, 5).map(quote).join(', ');
    const detail = `it sets ${keyList} for every later entry`;
    this.#see('pax-global-override', offset, detail, 'content');
  }

  #gnu(body: Buffer, typeflag: number): void {
    // Writers end the value with NULs. A NUL before other bytes stays, and is reported as part of the path.
    let end = body.length;
    while (end > 0 && body[end - 1] === 0) end--;
    const value = body.subarray(0, end);
    const pending = (this.#pending ??= {});
    const isPath = typeflag === LONG_NAME;
    const detail = isPath ? 'a path in an `L` header' : 'a link target in a `K` header';
    this.#see('gnu-long-name', this.#offset, detail, 'content');
    pending[isPath ? 'path' : 'linkpath'] ??= value;
  }

  #see(code: Code, offset: number, detail: string, field?: Field): void {
    this.#report({ layer: 'tar', code, offset, detail, ...(field && { field }) });
  }
}
