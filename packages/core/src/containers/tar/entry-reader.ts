import type { Limits } from '../../limits.ts';
import { MAX_LINKPATH_BYTES } from '../../limits.ts';
import { quote } from '../../text/printable.ts';
import type { Anomaly } from '../../finding/anomaly.ts';
import type { Entry } from '../entry.ts';
import { Trait, Typeflag } from '../entry.ts';
import { ExtendedHeaders, GLOBAL, type ExtendedValues } from './extended.ts';
import {
  checkDialect,
  checkOtherNumbers,
  hasChecksum,
  linkTarget,
  modeField,
  sizeField,
  type ReportField,
} from './fields.ts';
import { foreignFormat } from './foreign-magic.ts';
import type { Magic } from './header.ts';
import { FIELD, HeaderSums, magicOf, stringEnd } from './header.ts';
import { isCutInReading, PathField, type ReadPath } from './path-field.ts';

/** The content after a header block: its size in bytes, and the entry to which it belongs. */
interface HeaderStep {
  /** Undefined for an extended header. */
  readonly entry?: Entry;
  readonly size: number;
}

const SLASH = 0x2f;
const REGULAR = new Set<number>([Typeflag.File, Typeflag.Directory]);
/** Types without content. If such an entry declares a size, some extractors skip that content, and others read it as headers. */
const WITHOUT_CONTENT = new Set<number>([
  Typeflag.Hardlink,
  Typeflag.Symlink,
  Typeflag.CharacterDevice,
  Typeflag.BlockDevice,
  Typeflag.Directory,
  Typeflag.Fifo,
]);

/** Turns header blocks into entries, and applies the extended headers before them. */
export class EntryReader {
  count = 0;
  readonly extended: ExtendedHeaders;

  readonly #limits: Limits;
  readonly #report: (anomaly: Anomaly) => void;

  readonly #path: PathField;
  readonly #sums: HeaderSums = new HeaderSums();

  constructor(limits: Limits, report: (anomaly: Anomaly) => void) {
    this.#limits = limits;
    this.#report = report;
    this.extended = new ExtendedHeaders(report, limits.entries);
    this.#path = new PathField(limits);
  }

  /** Reads the header in `block[at, at + 512)`, which is not all zero and is at `offset` of the archive. Undefined: reading stops. */
  header(block: Buffer, at: number, offset: number): HeaderStep | undefined {
    const report = this.#reporter(offset);
    // Extractors recognise other formats by the first bytes of a file, so check those of the archive.
    const format = offset === 0 ? foreignFormat(block, at) : undefined;
    if (format !== undefined) report('foreign-magic', `it begins as ${format} does`);
    this.#sums.read(block, at);
    if (!hasChecksum(block, at, this.#sums.total, report)) return undefined;
    const magic = magicOf(block, at);
    const typeflag = block[at + FIELD.typeflag[0]]! || Typeflag.File;
    const size = sizeField(block, at, report);
    if (size < 0 || this.extended.exhausted) return undefined;

    if (this.extended.begin(typeflag, size, offset)) {
      if (this.extended.exhausted) return undefined;
      this.#extendedHeader(block, at, { magic, typeflag, report });
      return { size };
    }

    if (this.count >= this.#limits.entries) {
      report('entry-count-limit', `more than ${this.#limits.entries} entries`);
      return undefined;
    }
    const applied = this.extended.take();
    const entry = this.#entry(block, at, { offset, magic, typeflag, size, applied });
    this.count++;
    return { entry, size: entry.size };
  }

  /** Checks the block before an extended header. Extractors read it as strictly as the header of an entry. */
  #extendedHeader(
    block: Buffer,
    at: number,
    { magic, typeflag, report }: { magic: Magic; typeflag: number; report: ReportField },
  ): void {
    if (block[at] === 0) report('empty-path', 'the header starts with a NUL byte');
    const name = this.#path.read(block, at, {
      nameSum: this.#sums.name,
      prefix: this.#sums.prefix !== 0 && magic === 'posix',
      override: undefined,
      directory: false,
    });
    checkDialect(block, at, { magic, residue: name.residue }, report);
    checkExtendedName(name, typeflag, report);
    if (this.#sums.linkname !== 0) linkTarget(block, at, { typeflag, override: undefined }, report);
    modeField(block, at, report);
    checkOtherNumbers(block, at, report);
  }

  #entry(
    block: Buffer,
    at: number,
    head: {
      offset: number;
      magic: Magic;
      typeflag: number;
      size: number;
      applied: ExtendedValues | undefined;
    },
  ): Entry {
    const { offset, magic, typeflag, applied } = head;
    const index = this.count;
    const hasPrefix = this.#sums.prefix !== 0;
    const name = this.#path.read(block, at, {
      nameSum: this.#sums.name,
      prefix: hasPrefix && magic === 'posix',
      override: applied?.path,
      directory: typeflag === Typeflag.Directory,
    });
    const { path } = name;
    const report = this.#reporter(offset, { entry: path, entryIndex: index });
    // A path that was cut is rejected for its length, so the header need not agree with it.
    const compared = (name.traits & Trait.LongPath) === 0 ? applied?.paxPath : undefined;
    if (compared && !this.#path.isShortenedBy(block, at, compared)) {
      report('pax-path-mismatch', `the header says ${quote(this.#path.headerPath(block, at))}`);
    } else if (compared && isCutInReading(compared, applied!.paxPathAt!)) {
      const short = this.#path.headerPath(block, at);
      if (short.replace(/\/$/, '') !== path.replace(/\/$/, ''))
        report('pax-path-mismatch', `some extractors may take the header's, ${quote(short)}`);
    }
    if (applied?.path && block[at + FIELD.typeflag[0]] === 0) {
      // Python decides by the name in the header, and makes a folder.
      const end = stringEnd(block, at, at + FIELD.name[1]);
      if (end > at && block[end - 1] === SLASH)
        report('pax-path-mismatch', 'the name in the header ends in a slash, the type is NUL');
    }
    // pnpm treats any header that starts with NUL as the end, even if an extended header has the path.
    if (block[at] === 0 && path !== '') report('empty-path', 'the header starts with a NUL byte');
    checkDialect(block, at, { magic, hasPrefix, residue: name.residue }, report);

    const size = applied?.size ?? head.size;
    if (size !== head.size) {
      const detail = `the header says ${head.size} bytes, the PAX header ${size}`;
      report('pax-size-mismatch', detail, 'size');
    }
    if (size > 0 && WITHOUT_CONTENT.has(typeflag))
      report('size-on-non-file', `its size is ${size}`, 'size');

    const mode = modeField(block, at, report);
    checkOtherNumbers(block, at, report);
    let traits = name.traits;
    if (applied?.size === head.size) traits |= Trait.RepeatedSize;
    if (!REGULAR.has(typeflag)) traits |= Trait.SpecialType;
    if (mode > 0) {
      if ((mode & 0o7000) !== 0) traits |= Trait.SpecialMode;
      if (mode > 0o7777) traits |= Trait.TypeInMode;
      if ((mode & 0o111) !== 0 && (mode & 0o100) === 0 && typeflag !== Typeflag.Directory)
        traits |= Trait.ExecuteWithoutOwner;
    }
    const target =
      this.#sums.linkname === 0 && applied?.linkpath === undefined
        ? ''
        : linkTarget(block, at, { typeflag, override: applied?.linkpath }, report);
    // A long target is rejected for its length. Only the part that a report shows is kept, so that memory stays bounded.
    const linkpath = target.slice(0, MAX_LINKPATH_BYTES);
    if (target !== linkpath) traits |= Trait.LongPath;
    return { index, offset, path, typeflag, size, mode, linkpath, traits };
  }

  #reporter(offset: number, location?: Pick<Anomaly, 'entry' | 'entryIndex'>): ReportField {
    return (code, detail, field) =>
      this.#report({ layer: 'tar', code, detail, offset, ...(field && { field }), ...location });
  }
}

const C1 = /[\u0080-\u009f]/;
/** A name that a writer cut in the middle of a character. */
const CUT = /^[^\ufffd]{33,}\ufffd$/;

/**
 * Checks the name in the header of an extended header. An extractor that does not know extended headers creates a file of this
 * name.
 */
function checkExtendedName(
  { path, traits }: ReadPath,
  typeflag: number,
  report: ReportField,
): void {
  const detail = `in the name of an extended header: ${quote(path)}`;
  if ((traits & Trait.Control) !== 0 || C1.test(path)) report('control-character', detail);
  // GNU tar cuts long names after so many bytes.
  if ((traits & Trait.InvalidUtf8) !== 0 && !CUT.test(path)) report('invalid-utf8', detail);
  if ((traits & Trait.DotDot) !== 0) report('path-traversal', detail);
  // GNU tar calls its global header /tmp/GlobalHead.1.1.
  if ((traits & Trait.LeadingSlash) !== 0 && typeflag !== GLOBAL) report('absolute-path', detail);
}
