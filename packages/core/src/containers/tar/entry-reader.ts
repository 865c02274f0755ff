import type { Limits } from '../../limits.ts';
import { MAX_LINKPATH_BYTES } from '../../limits.ts';
import { quote } from '../../text/printable.ts';
import type { Anomaly } from '../../finding/anomaly.ts';
import type { Code } from '../../finding/rule-id.ts';
import type { Entry } from '../entry.ts';
import { Trait, Typeflag } from '../entry.ts';
import { ExtendedHeaders, GLOBAL, type ExtendedValues } from './extended.ts';
import {
  checkDialect,
  checkOtherNumbers,
  linkTarget,
  modeField,
  sizeField,
  type ReportField,
} from './fields.ts';
import { foreignFormat } from './foreign-magic.ts';
import type { Magic } from './header.ts';
import { checkSum, FIELD, HeaderSums, magicOf, stringEnd } from './header.ts';
import { isCutInReading, PathField, type ReadPath } from './path-field.ts';

/** How reading goes on after a header block: with content of an entry, with content of an extended header, or not at all. */
export type HeaderStep =
  | { readonly kind: 'entry'; readonly entry: Entry; readonly size: number }
  | { readonly kind: 'extended'; readonly size: number }
  | { readonly kind: 'stop' };

const SLASH = 0x2f;
const STOP: HeaderStep = { kind: 'stop' };
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

  readonly #limits: Limits;
  readonly #report: (anomaly: Anomaly) => void;
  readonly #extended: ExtendedHeaders;
  readonly #path: PathField;
  readonly #sums: HeaderSums = new HeaderSums();

  constructor(limits: Limits, report: (anomaly: Anomaly) => void) {
    this.#limits = limits;
    this.#report = report;
    this.#extended = new ExtendedHeaders(report, limits.entries);
    this.#path = new PathField(limits);
  }

  /** Whether the content being read is that of an extended header. */
  get extending(): boolean {
    return this.#extended.open;
  }

  extendedBody(piece: Buffer): void {
    this.#extended.body(piece);
  }

  extendedEnd(): void {
    this.#extended.close();
  }

  end(offset: number): void {
    this.#extended.end(offset);
  }

  /** Reads the header in `block[at, at + 512)`, which is not all zero and is at `offset` of the archive. */
  header(block: Buffer, at: number, offset: number): HeaderStep {
    if (offset === 0) this.#start(block, at);
    this.#sums.read(block, at);
    if (!this.#checksum(block, at, offset)) return STOP;
    const magic = magicOf(block, at);
    const typeflag = block[at + FIELD.typeflag[0]]! || Typeflag.File;
    const size = sizeField(block, at, (code, detail) =>
      this.#see(code, { offset, detail, field: 'size' }),
    );
    if (size < 0) return STOP;

    if (this.#extended.exhausted) return STOP;
    if (this.#extended.begin(typeflag, size, offset)) {
      if (this.#extended.exhausted) return STOP;
      this.#extendedHeader(block, at, { offset, magic, typeflag });
      return { kind: 'extended', size };
    }

    if (this.count >= this.#limits.entries) {
      this.#see('entry-count-limit', {
        offset,
        detail: `more than ${this.#limits.entries} entries`,
      });
      return STOP;
    }
    const applied = this.#extended.take();
    const entry = this.#entry(block, at, {
      offset,
      magic,
      typeflag,
      size,
      applied,
    });
    this.count++;
    return { kind: 'entry', entry, size: entry.size };
  }

  /** Extractors recognise other formats by the first bytes of a file, so check those of the archive. */
  #start(block: Buffer, at: number): void {
    const format = foreignFormat(block, at);
    if (format !== undefined)
      this.#see('foreign-magic', { offset: 0, detail: `it begins as ${format} does` });
  }

  /** Checks the block before an extended header. Extractors read it as strictly as the header of an entry. */
  #extendedHeader(
    block: Buffer,
    at: number,
    head: { offset: number; magic: Magic; typeflag: number },
  ): void {
    const report: ReportField = (code, detail, field) =>
      this.#see(code, { detail, offset: head.offset, ...(field && { field }) });
    if (block[at] === 0) report('empty-path', 'the header starts with a NUL byte');
    checkDialect(block, at, head.magic, report);
    const name = this.#path.read(block, at, {
      nameSum: this.#sums.name,
      prefix: this.#sums.prefix !== 0 && head.magic === 'posix',
      override: undefined,
      directory: false,
    });
    if (name.residue !== '')
      report(
        'tar-field-residue',
        `bytes follow the NUL in the ${name.residue} field`,
        name.residue,
      );
    checkExtendedName(name, head.typeflag, report);
    if (this.#sums.linkname !== 0)
      linkTarget(block, at, { typeflag: head.typeflag, override: undefined }, report);
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
    const { offset, typeflag, applied } = head;
    const index = this.count;
    const hasPrefix = this.#sums.prefix !== 0;
    const name = this.#path.read(block, at, {
      nameSum: this.#sums.name,
      prefix: hasPrefix && head.magic === 'posix',
      override: applied?.path,
      directory: typeflag === Typeflag.Directory,
    });
    const path = name.path;
    const report: ReportField = (code, detail, field) =>
      this.#see(code, { detail, offset, ...(field && { field }), entry: path, entryIndex: index });
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
    checkDialect(block, at, head.magic, report);
    if (hasPrefix && head.magic !== 'posix')
      report('tar-prefix', 'there are bytes where a POSIX header has the prefix', 'prefix');
    if (name.residue !== '')
      report(
        'tar-field-residue',
        `bytes follow the NUL in the ${name.residue} field`,
        name.residue,
      );

    let size = head.size;
    if (applied?.size !== undefined) {
      if (applied.size !== size)
        report(
          'pax-size-mismatch',
          `the header says ${size} bytes, the PAX header ${applied.size}`,
          'size',
        );
      size = applied.size;
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

  #checksum(block: Buffer, at: number, offset: number): boolean {
    const fits = checkSum(block, at, this.#sums.total);
    const see = (code: Code, detail: string): void =>
      this.#see(code, { offset, detail, field: 'checksum' });
    if (fits === 'padded') see('padded-number', 'the checksum field starts with spaces');
    if (fits === 'signed') see('tar-signed-checksum', 'the checksum fits signed bytes only');
    if (fits === 'bad') see('tar-checksum', 'the header checksum does not fit its bytes');
    return fits !== 'bad';
  }

  #see(code: Code, where: Omit<Anomaly, 'code' | 'layer'>): void {
    this.#report({ layer: 'tar', code, ...where });
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
  if ((traits & (Trait.Control | Trait.NonAscii)) !== 0) {
    if ((traits & Trait.Control) !== 0 || C1.test(path))
      report('control-character', `in the name of an extended header: ${quote(path)}`);
    // GNU tar cuts long names after so many bytes.
    if ((traits & Trait.InvalidUtf8) !== 0 && !CUT.test(path))
      report('invalid-utf8', `in the name of an extended header: ${quote(path)}`);
  }
  if ((traits & Trait.DotDot) !== 0)
    report('path-traversal', `in the name of an extended header: ${quote(path)}`);
  // GNU tar calls its global header /tmp/GlobalHead.1.1.
  if ((traits & Trait.LeadingSlash) !== 0 && typeflag !== GLOBAL)
    report('absolute-path', `in the name of an extended header: ${quote(path)}`);
}
