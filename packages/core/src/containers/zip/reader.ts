/*
 * Reads zips (APPNOTE 6.3). It accepts only those in which a reader of the directory and a reader that starts at the first byte find
 * the same entries: one end record, both headers of an entry equal, the data of all entries without gaps, stored or deflated, with
 * right sizes and CRC. The dialect says which options of zip an archive may use.
 */
import { MAX_ZIP_DIRECTORY_BYTES, RATIO_FLOOR_BYTES } from '../../limits.ts';
import type { ArchiveBytes } from '../archive-file.ts';
import { Trait, Typeflag } from '../entry.ts';
import { pathTraits } from '../path-traits.ts';
import { quote } from '../../text/printable.ts';
import { DESCRIPTOR_FLAG } from './dialect.ts';
import {
  agreedDataStart,
  type CentralHeader,
  centralHeaders,
  descriptor,
  localHeader,
  MAX_DESCRIPTOR_BYTES,
  MAX_LOCAL_BYTES,
} from './directory.ts';
import { END_SEARCH_BYTES, endRecord } from './end-record.ts';
import { DEFLATED, readContent, STORED } from './entry-data.ts';
import { readExtraFields } from './extra-fields.ts';
import { checkFeatures, differences, typeOf } from './header-checks.ts';
import type { ReportEntry, ZipOptions, ZipRead, ZipSink } from './sink.ts';
import { zipSource, type Pieces, type ZipSource } from './source.ts';

/** Bytes of the target of a link: the longest path that Linux takes. */
const MAX_TARGET_BYTES = 4096;

export function readZip(archive: ArchiveBytes, sink: ZipSink, options: ZipOptions): ZipRead {
  const source = zipSource(archive, options.pieceBytes);
  const { length } = source;
  const tail = source.window(Math.max(0, length - END_SEARCH_BYTES), length);
  const end = endRecord(tail.bytes, options.dialect, sink.anomaly, tail.base);
  if (end === undefined) return NOTHING;
  const { centralOffset, centralEnd } = end;
  if (centralEnd - centralOffset > MAX_ZIP_DIRECTORY_BYTES) {
    const detail = `a central directory of more than ${MAX_ZIP_DIRECTORY_BYTES} bytes`;
    sink.anomaly({ layer: 'zip', code: 'zip-unsupported', offset: centralOffset, detail });
    return NOTHING;
  }
  const directory = source.lastingWindow(centralOffset, centralEnd);
  const reader = new ZipReader(source, sink, options, centralOffset);
  for (const header of centralHeaders(directory.bytes, end, sink.anomaly, directory.base)) {
    if (!reader.take(header) || sink.enough()) return { ...reader.facts, complete: false };
  }
  reader.checkSpans();
  return { ...reader.facts, complete: reader.facts.entries === end.entries };
}

const NOTHING: ZipRead = { entries: 0, unpackedBytes: 0, complete: false };

interface DataStart {
  readonly at: number;
  /** Whether sizes after the data have 64 bits. */
  readonly wide: boolean;
}

/** Value of a field of 32 bits if an extra field has the real value. */
const FULL = 0xffffffff;

/** The bytes of an entry, from its header to the end of its data. */
interface EntrySpan {
  readonly from: number;
  readonly to: number;
  readonly entry: string;
}

class ZipReader {
  readonly #source: ZipSource;
  readonly #sink: ZipSink;
  readonly #options: ZipOptions;
  readonly #dataEnd: number;
  readonly #spans: EntrySpan[] = [];
  #entries = 0;
  #unpackedBytes = 0;

  constructor(source: ZipSource, sink: ZipSink, options: ZipOptions, dataEnd: number) {
    this.#source = source;
    this.#sink = sink;
    this.#options = options;
    this.#dataEnd = dataEnd;
  }

  get facts(): { entries: number; unpackedBytes: number } {
    return { entries: this.#entries, unpackedBytes: this.#unpackedBytes };
  }

  /** Reads one entry. Returns false if a limit was reached. */
  take(centralHeader: CentralHeader): boolean {
    const { limits, dialect } = this.#options;
    const index = this.#entries;
    const spelled = spelledName(centralHeader);
    const report: ReportEntry = (code, detail) =>
      this.#sink.anomaly({
        layer: 'zip',
        code,
        detail,
        offset: centralHeader.localOffset,
        entry: spelled,
        entryIndex: index,
      });
    if (index >= limits.entries) {
      report('entry-count-limit', `more than ${limits.entries} entries`);
      return false;
    }
    this.#entries++;
    checkFeatures(centralHeader, dialect, report);
    const header = this.#large(centralHeader, report);
    const data = this.#data(header, spelled, report);
    const type = typeOf(header, spelled, dialect, report);
    const content = (body: ((piece: Buffer) => void) | undefined): void => {
      if (data === undefined) return;
      this.#unpackedBytes += readContent(data, header, { limits, report, body });
    };
    let linkpath = '';
    if (type === Typeflag.Symlink) {
      const short = header.size <= MAX_TARGET_BYTES;
      const pieces: Buffer[] = [];
      content(short ? (piece) => void pieces.push(Buffer.from(piece)) : undefined);
      linkpath = Buffer.concat(pieces).toString('utf8');
    }
    const path = this.#inspectedPath(header, { spelled, type, report });
    const entry = path && {
      index,
      offset: header.localOffset,
      path: path.text,
      typeflag: type,
      size: header.size,
      mode: header.mode & 0o7777,
      linkpath,
      traits: path.traits | typeTraits(type, header.mode),
    };
    const isWanted = entry !== undefined && this.#sink.entry(entry, spelled);
    if (type !== Typeflag.Symlink)
      content(isWanted ? (piece) => this.#sink.body(piece) : undefined);
    return this.#withinLimits(report);
  }

  #withinLimits(report: ReportEntry): boolean {
    const { ratio, unpackedBytes } = this.#options.limits;
    if (this.#unpackedBytes > unpackedBytes) {
      report('unpacked-size-limit', `more than ${unpackedBytes} bytes unpacked`);
      return false;
    }
    // Check the ratio of all entries together, since many entries below the floor can add up to a bomb.
    if (this.#unpackedBytes > Math.max(RATIO_FLOOR_BYTES, ratio * this.#source.length)) {
      report('compression-ratio-limit', `more than ${ratio} bytes unpacked per byte of the file`);
      return false;
    }
    return true;
  }

  /** Reports bytes before the directory that belong to no entry, or to two. */
  checkSpans(): void {
    const sorted = this.#spans.toSorted((a, b) => a.from - b.from || a.to - b.to);
    const directory = { from: this.#dataEnd, to: this.#dataEnd, entry: '' };
    let at = 0;
    for (const { from, to, entry } of [...sorted, directory]) {
      if (from > at) {
        const detail = `${from - at} bytes`;
        this.#sink.anomaly({ layer: 'zip', code: 'zip-gap', offset: at, detail });
      } else if (from < at) {
        const location = { layer: 'zip', offset: from, ...(entry !== '' && { entry }) } as const;
        this.#sink.anomaly({ code: 'zip-overlap', detail: quote(entry), ...location });
      }
      at = Math.max(at, to);
    }
  }

  /** The header with the real sizes and offset, which extra fields may have. */
  #large(header: CentralHeader, report: ReportEntry): CentralHeader {
    if (this.#options.dialect.plain) return header;
    if (header.extraBytes === 0 && header.size < FULL && header.compressedSize < FULL)
      return header;
    const large = readExtraFields(header, { headerLabel: 'of the directory', report });
    return { ...header, ...large };
  }

  #data(header: CentralHeader, spelled: string, report: ReportEntry): Pieces | undefined {
    const start = this.#dataStart(header, report);
    if (start === undefined) return undefined;
    const to = start.at + header.compressedSize;
    const behind = this.#descriptor(header, { at: to, wide: start.wide, report });
    this.#spans.push({ from: header.localOffset, to: to + behind, entry: spelled });
    if (header.method !== STORED && header.method !== DEFLATED) return undefined;
    if (to > this.#dataEnd) {
      report('zip-corrupt', 'its data runs into the central directory');
      return undefined;
    }
    return this.#source.pieces(start.at, to);
  }

  /** Bytes of the descriptor after the data. */
  #descriptor(
    header: CentralHeader,
    position: { at: number; wide: boolean; report: ReportEntry },
  ): number {
    if (this.#options.dialect.plain || (header.flags & DESCRIPTOR_FLAG) === 0) return 0;
    if (this.#options.dialect.descriptors === 'reported')
      position.report('zip-data-descriptor', 'flag 0x8');
    const { bytes, base } = this.#source.window(position.at, position.at + MAX_DESCRIPTOR_BYTES);
    const dataDescriptor = descriptor(bytes, position.at - base, {
      central: header,
      wide: position.wide,
      end: this.#dataEnd - base,
    });
    if (dataDescriptor === undefined)
      position.report('zip-header-mismatch', 'behind its data is no descriptor that says the same');
    // A streaming reader cannot find the end of stored data. It finds the end of an empty entry only by the signature.
    if (header.method === STORED && (header.size > 0 || dataDescriptor?.signed !== true))
      position.report('zip-unsupported', 'a descriptor behind data that is not compressed');
    return dataDescriptor?.bytes ?? 0;
  }

  /** The start of the data according to the header before it. Reports how that header differs from the one in the directory. */
  #dataStart(header: CentralHeader, report: ReportEntry): DataStart | undefined {
    const { dialect } = this.#options;
    const { localOffset } = header;
    const { bytes, base } = this.#source.window(localOffset, localOffset + MAX_LOCAL_BYTES);
    const dataEnd = this.#dataEnd - base;
    const agreed = agreedDataStart(header, bytes, localOffset - base, dataEnd);
    if (agreed !== undefined) return { at: base + agreed, wide: false };
    const local = localHeader(bytes, localOffset - base, dataEnd);
    if (local === undefined) {
      report('zip-header-mismatch', 'no header comes before its data');
      return undefined;
    }
    const isRead = !dialect.plain && local.dataStart <= dataEnd;
    const large = isRead
      ? readExtraFields(local.header, { headerLabel: 'before the data', report })
      : undefined;
    for (const field of differences(header, { ...local.header, ...large }, dialect))
      report('zip-header-mismatch', field);
    return { at: base + local.dataStart, wide: large?.zip64 === true };
  }

  /** The path to inspect. Undefined for an entry that is not part of the package. */
  #inspectedPath(
    header: CentralHeader,
    entryFacts: { spelled: string; type: number; report: ReportEntry },
  ): { text: string; traits: number } | undefined {
    const { spelled, type, report } = entryFacts;
    const isDirectory = type === Typeflag.Directory;
    const { layout, limits } = this.#options;
    const cut = layout === undefined ? 0 : layout(spelled, isDirectory, report);
    if (cut === undefined) return undefined;
    const text = spelled.slice(cut, isDirectory && spelled.endsWith('/') ? -1 : undefined);
    // One character of an ASCII name is one byte, so the path is checked in place.
    const bytes = header.asciiName ? header.bytes : Buffer.from(text);
    const from = header.asciiName ? header.nameStart + cut : 0;
    const end = header.asciiName ? from + text.length : bytes.length;
    return { text, traits: pathTraits(bytes, from, end, limits) };
  }
}

function spelledName({ bytes, nameStart, nameBytes, asciiName }: CentralHeader): string {
  return bytes.toString(asciiName ? 'latin1' : 'utf8', nameStart, nameStart + nameBytes);
}

function typeTraits(type: number, mode: number): number {
  let traits = 0;
  if (type !== Typeflag.File && type !== Typeflag.Directory) traits |= Trait.SpecialType;
  if ((mode & 0o7000) !== 0) traits |= Trait.SpecialMode;
  return traits;
}
