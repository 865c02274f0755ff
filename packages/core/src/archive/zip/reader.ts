/*
 * Reads the one form of zip that Yarn writes into its cache (libzip, APPNOTE 6.3 without the options): stored or
 * deflated entries of a Unix host, no extra fields, no comments, no descriptors, headers twice and equal, the data of
 * all entries side by side from the first byte on, everything below one `node_modules/<name>/`.
 */
import type { Limits } from '../../limits.ts';
import { RATIO_FLOOR_BYTES } from '../../limits.ts';
import { quote } from '../../printable.ts';
import type { Entry } from '../entry.ts';
import { Trait, Typeflag } from '../entry.ts';
import { pathTraits } from '../path-traits.ts';
import type { TellZip, ZipAnomalyCode } from './anomaly.ts';
import type { CentralHeader } from './directory.ts';
import { agreedDataStart, centralHeaders, endRecord, localHeader } from './directory.ts';
import { DEFLATED, readContent, STORED } from './entry-data.ts';
import { checkFeatures, differences, endsInSlash } from './header-checks.ts';

/** A link's target: what Linux takes for a path. */
const MAX_TARGET_BYTES = 4096;

const TYPES: Readonly<Record<number, number>> = {
  0o100000: Typeflag.File,
  0o040000: Typeflag.Directory,
  0o120000: Typeflag.Symlink,
  0o010000: Typeflag.Fifo,
  0o020000: Typeflag.CharacterDevice,
  0o060000: Typeflag.BlockDevice,
};
/** Sockets and types that no system has: no typeflag of tar, so no rule takes it for something harmless. */
const NO_TYPE = 0x3f;

/** `node_modules/<name>/` or `node_modules/@scope/<name>/`, at the start of every path but those of the folders above. */
const PACKAGE = /^node_modules\/((?:(@[^/]+)\/)?[^/@][^/]*)\//;
const ABOVE = /^node_modules\/(?:(@[^/]+)\/)?$/;
/** A scope is in no entry's path, so no rule of paths looks at it. */
const SCOPE = /^@[\w~.-]*[\w~-]$/;

export interface ZipSink {
  /**
   * The next entry, its path cut to `<name>/…` so that it reads like a tarball's; `spelled` is the whole one. Says
   * whether the content is wanted.
   */
  entry(entry: Entry, spelled: string): boolean;
  /** The whole content that was wanted, if it is sound. */
  body(bytes: Buffer): void;
  anomaly: TellZip;
  /** Asked after every entry: whether no more of them are wanted. */
  enough?(): boolean;
}

export interface ZipRead {
  readonly entries: number;
  readonly unpackedBytes: number;
  /** The directory could be read to its end. */
  readonly complete: boolean;
}

export function readZip(bytes: Buffer, sink: ZipSink, limits: Limits): ZipRead {
  const end = endRecord(bytes, sink.anomaly);
  if (end === undefined) return { entries: 0, unpackedBytes: 0, complete: false };
  const reader = new ZipReader(bytes, sink, { limits, dataEnd: end.centralOffset });
  for (const header of centralHeaders(bytes, end, sink.anomaly)) {
    if (!reader.take(header) || sink.enough?.() === true)
      return { ...reader.facts, complete: false };
  }
  reader.checkPlaces();
  return { ...reader.facts, complete: reader.facts.entries === end.entries };
}

/** Tells what is wrong with one entry. */
type Tell = (code: ZipAnomalyCode, detail: string) => void;

interface Place {
  readonly from: number;
  readonly to: number;
  readonly entry: string;
}

class ZipReader {
  readonly #bytes: Buffer;
  readonly #sink: ZipSink;
  readonly #limits: Limits;
  readonly #dataEnd: number;
  readonly #places: Place[] = [];
  #top: string | undefined;
  /** `node_modules/<top>/`, and where the path to be judged starts in a name that starts so. */
  #own: { readonly prefix: string; readonly cut: number } | undefined;
  /** Of the package, with its `@`; empty where it has none. */
  #scope: string | undefined;
  #entries = 0;
  #unpackedBytes = 0;

  constructor(bytes: Buffer, sink: ZipSink, how: { limits: Limits; dataEnd: number }) {
    this.#bytes = bytes;
    this.#sink = sink;
    this.#limits = how.limits;
    this.#dataEnd = how.dataEnd;
  }

  get facts(): { entries: number; unpackedBytes: number } {
    return { entries: this.#entries, unpackedBytes: this.#unpackedBytes };
  }

  /** Reads one entry; false where a limit was reached. */
  take(header: CentralHeader): boolean {
    const index = this.#entries;
    const spelled = this.#spelled(header);
    const tell: Tell = (code, detail) =>
      this.#sink.anomaly({
        code,
        detail,
        offset: header.localOffset,
        entry: spelled,
        entryIndex: index,
      });
    if (index >= this.#limits.entries) {
      tell('entry-count-limit', `more than ${this.#limits.entries} entries`);
      return false;
    }
    this.#entries++;
    checkFeatures(this.#bytes, header, tell);
    const data = this.#data(header, spelled, tell);
    const type = TYPES[header.mode & 0o170000] ?? NO_TYPE;
    if (endsInSlash(this.#bytes, header) !== (type === Typeflag.Directory)) {
      tell('zip-type-mismatch', `mode ${header.mode.toString(8)} for ${quote(spelled)}`);
    }
    if (type === Typeflag.Directory && header.size > 0) {
      tell('size-on-non-file', `its size is ${header.size}`);
    }
    const isLink = type === Typeflag.Symlink;
    const content = (keep: boolean): Buffer | undefined => {
      if (data === undefined) return undefined;
      const { size, body } = readContent(data, header, { limits: this.#limits, keep, tell });
      this.#unpackedBytes += size;
      return body;
    };
    const target = isLink ? content(header.size <= MAX_TARGET_BYTES) : undefined;
    const path = this.#pathOf(header, { spelled, type, tell });
    const wanted =
      path !== undefined &&
      this.#sink.entry(
        {
          index,
          offset: header.localOffset,
          path: path.text,
          typeflag: type,
          size: header.size,
          mode: header.mode & 0o7777,
          linkpath: target?.toString('utf8') ?? '',
          traits: path.traits | typeTraits(type, header.mode),
        },
        spelled,
      );
    if (!isLink) {
      const body = content(wanted);
      if (body !== undefined) this.#sink.body(body);
    }
    if (this.#unpackedBytes > this.#limits.unpackedBytes) {
      tell('unpacked-size-limit', `more than ${this.#limits.unpackedBytes} bytes unpacked`);
      return false;
    }
    // Many entries below the floor make a bomb together.
    const { ratio } = this.#limits;
    if (this.#unpackedBytes > Math.max(RATIO_FLOOR_BYTES, ratio * this.#bytes.length)) {
      tell('compression-ratio-limit', `more than ${ratio} bytes unpacked per byte of the file`);
      return false;
    }
    return true;
  }

  /** Every byte before the directory belongs to exactly one entry. */
  checkPlaces(): void {
    const sorted = this.#places.toSorted((a, b) => a.from - b.from || a.to - b.to);
    let at = 0;
    for (const { from, to, entry } of [
      ...sorted,
      { from: this.#dataEnd, to: this.#dataEnd, entry: '' },
    ]) {
      if (from > at) {
        this.#sink.anomaly({ code: 'zip-gap', offset: at, detail: `${from - at} bytes` });
      } else if (from < at) {
        this.#sink.anomaly({
          code: 'zip-overlap',
          offset: from,
          detail: quote(entry),
          ...(entry !== '' && { entry }),
        });
      }
      at = Math.max(at, to);
    }
  }

  #data(header: CentralHeader, spelled: string, tell: Tell): Buffer | undefined {
    const dataStart =
      agreedDataStart(this.#bytes, header, this.#dataEnd) ?? this.#disagreed(header, tell);
    if (dataStart === undefined) return undefined;
    const to = dataStart + header.compressedSize;
    this.#places.push({ from: header.localOffset, to, entry: spelled });
    if (header.method !== STORED && header.method !== DEFLATED) return undefined;
    if (to > this.#dataEnd) {
      tell('zip-corrupt', 'its data runs into the central directory');
      return undefined;
    }
    return this.#bytes.subarray(dataStart, to);
  }

  /** Tells how the header before the data differs, and where the data starts by it. */
  #disagreed(header: CentralHeader, tell: Tell): number | undefined {
    const local = localHeader(this.#bytes, header.localOffset, this.#dataEnd);
    if (local === undefined) {
      tell('zip-header-mismatch', 'no header stands before its data');
      return undefined;
    }
    for (const field of differences(this.#bytes, header, local.header)) {
      tell('zip-header-mismatch', field);
    }
    return local.dataStart;
  }

  #spelled({ nameStart, nameBytes, asciiName }: CentralHeader): string {
    const encoding = asciiName ? 'latin1' : 'utf8';
    return this.#bytes.toString(encoding, nameStart, nameStart + nameBytes);
  }

  /** Undefined for the folders above the package, which are nothing of its own. */
  #pathOf(
    header: CentralHeader,
    of: { spelled: string; type: number; tell: Tell },
  ): { text: string; traits: number } | undefined {
    const { spelled, type } = of;
    const own = this.#own;
    const cut = own && spelled.startsWith(own.prefix) ? own.cut : this.#cutOf(of);
    if (cut === undefined) return undefined;
    const folder = type === Typeflag.Directory && spelled.endsWith('/');
    const text = spelled.slice(cut, folder ? -1 : undefined);
    if (header.asciiName) {
      // One character is one byte: the path is looked at where it stands.
      const from = header.nameStart + cut;
      return { text, traits: pathTraits(this.#bytes, from, from + text.length, this.#limits) };
    }
    const raw = Buffer.from(text);
    return { text, traits: pathTraits(raw, 0, raw.length, this.#limits) };
  }

  /** Where the path to be judged starts in an entry's name; undefined for the folders above the package. */
  #cutOf(of: { spelled: string; type: number; tell: Tell }): number | undefined {
    const { spelled, type, tell } = of;
    const above = type === Typeflag.Directory ? ABOVE.exec(spelled) : null;
    if (above !== null) {
      if (above[1] !== undefined && !this.#ownScope(above[1]))
        tell('zip-outside-package', quote(spelled));
      return undefined;
    }
    const [prefix, top, scope = ''] = PACKAGE.exec(spelled) ?? [];
    const scoped = top !== undefined && this.#ownScope(scope);
    if (!scoped) tell('zip-outside-package', quote(spelled));
    else if (this.#top !== undefined && top !== this.#top) {
      tell('zip-outside-package', `${quote(spelled)}, in the archive of ${quote(this.#top)}`);
    }
    if (top === undefined) return 0;
    // An entry elsewhere is judged by its whole path.
    if (top !== (this.#top ??= top)) return 0;
    const cut = spelled.indexOf('/') + 1 + (top.startsWith('@') ? top.indexOf('/') + 1 : 0);
    if (scoped && prefix !== undefined) this.#own = { prefix, cut };
    return cut;
  }

  /** Whether a scope is that of all entries so far, and can be one. */
  #ownScope(scope: string): boolean {
    this.#scope ??= scope;
    return scope === this.#scope && (scope === '' || SCOPE.test(scope));
  }
}

function typeTraits(type: number, mode: number): number {
  let traits = 0;
  if (type !== Typeflag.File && type !== Typeflag.Directory) traits |= Trait.SpecialType;
  if ((mode & 0o7000) !== 0) traits |= Trait.SpecialMode;
  return traits;
}
