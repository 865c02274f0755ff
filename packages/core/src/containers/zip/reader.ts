/*
 * Reads the plainest form of zip (APPNOTE 6.3 without the options), as libzip writes it for Yarn: stored or deflated entries
 * of a Unix host, no extra fields, no comments, no descriptors, headers twice and equal, the data of all entries side by
 * side from the first byte on.
 */
import type { Limits } from '../../limits.ts';
import { RATIO_FLOOR_BYTES } from '../../limits.ts';
import { quote } from '../../text/printable.ts';
import type { Entry } from '../entry.ts';
import { Trait, Typeflag } from '../entry.ts';
import { pathTraits } from '../path-traits.ts';
import type { ReportAnomaly } from '../../finding/anomaly.ts';
import type { RuleId } from '../../finding/rule-id.ts';
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
/** Sockets and types that no system has: no typeflag of tar, so no rule treats it as harmless. */
const NO_TYPE = 0x3f;

/** Reports what is wrong with the name of an entry. */
export type ReportName = (code: RuleId, detail: string) => void;

/**
 * Where the path that is inspected starts in the name of an entry, which may lie in a folder that no rule is to see.
 * Undefined for an entry that is not part of the package.
 */
export type NameLayout = (
  spelled: string,
  isDirectory: boolean,
  report: ReportName,
) => number | undefined;

export interface ZipSink {
  /**
   * The next entry, its path cut by the layout; `spelled` is the whole one. Whether the content is wanted.
   */
  entry(entry: Entry, spelled: string): boolean;
  /** The whole content that was wanted, if it is sound. */
  body(bytes: Buffer): void;
  anomaly: ReportAnomaly;
  /** Asked after every entry: whether no more of them are wanted. */
  enough(): boolean;
}

export interface ZipRead {
  readonly entries: number;
  readonly unpackedBytes: number;
  /** The directory could be read to its end. */
  readonly complete: boolean;
}

export interface ZipOptions {
  readonly limits: Limits;
  /** Absent: names are inspected whole. */
  readonly layout?: NameLayout;
}

export function readZip(bytes: Buffer, sink: ZipSink, options: ZipOptions): ZipRead {
  const end = endRecord(bytes, sink.anomaly);
  if (end === undefined) return { entries: 0, unpackedBytes: 0, complete: false };
  const reader = new ZipReader(bytes, sink, { ...options, dataEnd: end.centralOffset });
  for (const header of centralHeaders(bytes, end, sink.anomaly)) {
    if (!reader.take(header) || sink.enough()) return { ...reader.facts, complete: false };
  }
  reader.checkPlaces();
  return { ...reader.facts, complete: reader.facts.entries === end.entries };
}

/** Reports what is wrong with one entry. */
type Report = (code: RuleId, detail: string) => void;

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
  readonly #layout: NameLayout | undefined;
  #entries = 0;
  #unpackedBytes = 0;

  constructor(bytes: Buffer, sink: ZipSink, how: ZipOptions & { dataEnd: number }) {
    this.#bytes = bytes;
    this.#sink = sink;
    this.#limits = how.limits;
    this.#dataEnd = how.dataEnd;
    this.#layout = how.layout;
  }

  get facts(): { entries: number; unpackedBytes: number } {
    return { entries: this.#entries, unpackedBytes: this.#unpackedBytes };
  }

  /** Reads one entry; false where a limit was reached. */
  take(header: CentralHeader): boolean {
    const index = this.#entries;
    const spelled = this.#spelled(header);
    const report: Report = (code, detail) =>
      this.#sink.anomaly({
        layer: 'zip',
        code,
        detail,
        offset: header.localOffset,
        entry: spelled,
        entryIndex: index,
      });
    if (index >= this.#limits.entries) {
      report('entry-count-limit', `more than ${this.#limits.entries} entries`);
      return false;
    }
    this.#entries++;
    checkFeatures(this.#bytes, header, report);
    const data = this.#data(header, spelled, report);
    const type = TYPES[header.mode & 0o170000] ?? NO_TYPE;
    if (endsInSlash(this.#bytes, header) !== (type === Typeflag.Directory)) {
      report('zip-type-mismatch', `mode ${header.mode.toString(8)} for ${quote(spelled)}`);
    }
    if (type === Typeflag.Directory && header.size > 0) {
      report('size-on-non-file', `its size is ${header.size}`);
    }
    const isLink = type === Typeflag.Symlink;
    const content = (keep: boolean): Buffer | undefined => {
      if (data === undefined) return undefined;
      const { size, body } = readContent(data, header, { limits: this.#limits, keep, report });
      this.#unpackedBytes += size;
      return body;
    };
    const target = isLink ? content(header.size <= MAX_TARGET_BYTES) : undefined;
    const path = this.#pathOf(header, { spelled, type, report });
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
      report('unpacked-size-limit', `more than ${this.#limits.unpackedBytes} bytes unpacked`);
      return false;
    }
    // Many entries below the floor make a bomb together.
    const { ratio } = this.#limits;
    if (this.#unpackedBytes > Math.max(RATIO_FLOOR_BYTES, ratio * this.#bytes.length)) {
      report('compression-ratio-limit', `more than ${ratio} bytes unpacked per byte of the file`);
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
        this.#sink.anomaly({
          layer: 'zip',
          code: 'zip-gap',
          offset: at,
          detail: `${from - at} bytes`,
        });
      } else if (from < at) {
        this.#sink.anomaly({
          layer: 'zip',
          code: 'zip-overlap',
          offset: from,
          detail: quote(entry),
          ...(entry !== '' && { entry }),
        });
      }
      at = Math.max(at, to);
    }
  }

  #data(header: CentralHeader, spelled: string, report: Report): Buffer | undefined {
    const dataStart =
      agreedDataStart(this.#bytes, header, this.#dataEnd) ?? this.#disagreed(header, report);
    if (dataStart === undefined) return undefined;
    const to = dataStart + header.compressedSize;
    this.#places.push({ from: header.localOffset, to, entry: spelled });
    if (header.method !== STORED && header.method !== DEFLATED) return undefined;
    if (to > this.#dataEnd) {
      report('zip-corrupt', 'its data runs into the central directory');
      return undefined;
    }
    return this.#bytes.subarray(dataStart, to);
  }

  /** Reports how the header before the data differs, and where the data starts by it. */
  #disagreed(header: CentralHeader, report: Report): number | undefined {
    const local = localHeader(this.#bytes, header.localOffset, this.#dataEnd);
    if (local === undefined) {
      report('zip-header-mismatch', 'no header comes before its data');
      return undefined;
    }
    for (const field of differences(this.#bytes, header, local.header)) {
      report('zip-header-mismatch', field);
    }
    return local.dataStart;
  }

  #spelled({ nameStart, nameBytes, asciiName }: CentralHeader): string {
    const encoding = asciiName ? 'latin1' : 'utf8';
    return this.#bytes.toString(encoding, nameStart, nameStart + nameBytes);
  }

  /** Undefined for what is not part of the package. */
  #pathOf(
    header: CentralHeader,
    of: { spelled: string; type: number; report: Report },
  ): { text: string; traits: number } | undefined {
    const { spelled, type, report } = of;
    const isDirectory = type === Typeflag.Directory;
    const cut = this.#layout === undefined ? 0 : this.#layout(spelled, isDirectory, report);
    if (cut === undefined) return undefined;
    const text = spelled.slice(cut, isDirectory && spelled.endsWith('/') ? -1 : undefined);
    if (header.asciiName) {
      // One character is one byte: the path is looked at where it is.
      const from = header.nameStart + cut;
      return { text, traits: pathTraits(this.#bytes, from, from + text.length, this.#limits) };
    }
    const raw = Buffer.from(text);
    return { text, traits: pathTraits(raw, 0, raw.length, this.#limits) };
  }
}

function typeTraits(type: number, mode: number): number {
  let traits = 0;
  if (type !== Typeflag.File && type !== Typeflag.Directory) traits |= Trait.SpecialType;
  if ((mode & 0o7000) !== 0) traits |= Trait.SpecialMode;
  return traits;
}
