import type { Limits } from '../../limits.ts';
import { MAX_LINKPATH_BYTES } from '../../limits.ts';
import { quote } from '../../printable.ts';
import type { Anomaly, AnomalyCode } from '../anomaly.ts';
import type { Entry } from '../entry.ts';
import { Trait, Typeflag } from '../entry.ts';
import { ExtendedHeaders, type Applied } from './extended.ts';
import type { FieldName, Magic } from './header.ts';
import { checkSum, FIELD, magicOf, stringEnd, sum } from './header.ts';
import { numberField, plainOctal } from './number.ts';
import { PathField } from './path-field.ts';

/** What a header block asks for next: bytes of content to follow, of an entry or of an extended header. */
export type Step =
  | { readonly kind: 'entry'; readonly entry: Entry; readonly size: number }
  | { readonly kind: 'extended'; readonly size: number }
  | { readonly kind: 'stop' };

const STOP: Step = { kind: 'stop' };
const REGULAR = new Set<number>([Typeflag.File, Typeflag.Directory]);
/** Types whose content, if any is declared, part of the extractors skip and part take for headers. */
const WITHOUT_CONTENT = new Set<number>([
  Typeflag.Hardlink,
  Typeflag.Symlink,
  Typeflag.CharacterDevice,
  Typeflag.BlockDevice,
  Typeflag.Directory,
  Typeflag.Fifo,
]);

/** Turns header blocks into entries, with what extended headers said of them. */
export class EntryReader {
  /** Entries made so far. */
  count = 0;

  readonly #limits: Limits;
  readonly #tell: (anomaly: Anomaly) => void;
  readonly #extended: ExtendedHeaders;
  readonly #path: PathField;

  constructor(limits: Limits, tell: (anomaly: Anomaly) => void) {
    this.#limits = limits;
    this.#tell = tell;
    this.#extended = new ExtendedHeaders(tell);
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

  /** Reads the header in `block[at, at + 512)`, which is not all zero and stands at `offset` of the archive. */
  header(block: Buffer, at: number, offset: number): Step {
    const prefixSum = sum(block, at + FIELD.prefix[0], at + FIELD.prefix[1]);
    const total =
      sum(block, at, at + FIELD.prefix[0]) +
      prefixSum +
      sum(block, at + FIELD.padding[0], at + FIELD.padding[1]);
    if (!this.#checksum(block, at, offset, total)) return STOP;
    const magic = magicOf(block, at);
    const typeflag = block[at + FIELD.typeflag[0]]! || Typeflag.File;
    const size = this.#size(block, at, offset);
    if (size < 0) return STOP;

    if (this.#extended.begin(typeflag, size, offset)) return { kind: 'extended', size };

    if (this.count >= this.#limits.entries) {
      this.#tell({
        code: 'entry-count-limit',
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
      hasPrefix: prefixSum !== 0,
    });
    this.count++;
    return { kind: 'entry', entry, size: entry.size };
  }

  #entry(
    block: Buffer,
    at: number,
    head: {
      offset: number;
      magic: Magic;
      typeflag: number;
      size: number;
      applied: Applied | undefined;
      hasPrefix: boolean;
    },
  ): Entry {
    const { offset, typeflag, applied } = head;
    const index = this.count;
    const name = this.#path.read(block, at, {
      prefix: head.hasPrefix && head.magic === 'posix',
      override: applied?.path,
      directory: typeflag === Typeflag.Directory,
    });
    const path = name.path;
    const tell = (code: AnomalyCode, detail: string): void => {
      this.#tell({ code, detail, offset, entry: path, entryIndex: index });
    };
    if (applied?.paxPath && !this.#path.isShortenedBy(block, at, applied.paxPath)) {
      tell('pax-path-mismatch', `the header says ${quote(this.#path.headerPath(block, at))}`);
    }
    if (head.magic === 'blank') tell('tar-blank-magic', 'no magic, as written before POSIX');
    else if (head.magic === 'unknown')
      tell('tar-magic', `magic ${quote(block.toString('latin1', at + 257, at + 265))}`);
    if (head.hasPrefix && head.magic !== 'posix')
      tell('tar-prefix', 'bytes stand where a POSIX header has the prefix');
    if (name.residue !== '')
      tell('tar-field-residue', `bytes follow the NUL in the ${name.residue} field`);

    let size = head.size;
    if (applied?.size !== undefined) {
      if (applied.size !== size)
        tell('pax-size-mismatch', `the header says ${size} bytes, the PAX header ${applied.size}`);
      size = applied.size;
    }
    if (size > 0 && WITHOUT_CONTENT.has(typeflag))
      tell('size-on-non-file', `${size} bytes of content`);

    const mode = this.#mode(block, at, tell);
    this.#others(block, at, tell);
    let traits = name.traits;
    if (!REGULAR.has(typeflag)) traits |= Trait.SpecialType;
    if (mode > 0) {
      if ((mode & 0o7000) !== 0) traits |= Trait.SpecialMode;
      if (mode > 0o7777) traits |= Trait.TypeInMode;
    }
    const target = this.#linkpath(block, at, typeflag, applied, tell);
    // Rejected for its length; enough is kept to name it, so that memory stays bounded.
    const linkpath = target.slice(0, MAX_LINKPATH_BYTES);
    if (target !== linkpath) traits |= Trait.LongPath;
    return { index, offset, path, typeflag, size, mode, linkpath, traits };
  }

  #checksum(block: Buffer, at: number, offset: number, total: number): boolean {
    switch (checkSum(block, at, total)) {
      case 'ok':
        return true;
      case 'padded':
        this.#tell({
          code: 'padded-number',
          offset,
          detail: 'the checksum field starts with spaces',
        });
        return true;
      case 'signed':
        this.#tell({
          code: 'tar-signed-checksum',
          offset,
          detail: 'the checksum fits signed bytes only',
        });
        return true;
      case 'bad':
        this.#tell({
          code: 'tar-checksum',
          offset,
          detail: 'the header checksum does not fit its bytes',
        });
        return false;
    }
  }

  /** The declared size, or -1 where nothing sure can be said, so that what follows has no certain place. */
  #size(block: Buffer, at: number, offset: number): number {
    const start = at + FIELD.size[0];
    const end = at + FIELD.size[1];
    const plain = plainOctal(block, start, end);
    if (plain >= 0) return plain;
    const { value, form } = numberField(block, start, end);
    if (form === 'padded')
      this.#tell({ code: 'padded-number', offset, detail: 'the size field starts with spaces' });
    else if (form === 'base256')
      this.#tell({ code: 'base256-number', offset, detail: 'the size is written in base 256' });
    else
      this.#tell({
        code: 'invalid-size',
        offset,
        detail:
          form === 'empty' ? 'the size field is empty' : 'the size field is no number in range',
      });
    return value ?? -1;
  }

  #mode(block: Buffer, at: number, tell: (code: AnomalyCode, detail: string) => void): number {
    const plain = plainOctal(block, at + FIELD.mode[0], at + FIELD.mode[1]);
    return plain >= 0 ? plain : (this.#number(block, at, 'mode', tell) ?? -1);
  }

  // Owner and time decide nothing that a package manager keeps, but a field that is no number stops some extractors.
  #others(block: Buffer, at: number, tell: (code: AnomalyCode, detail: string) => void): void {
    for (const field of OTHER_NUMBERS) {
      const range = FIELD[field];
      if (plainOctal(block, at + range[0], at + range[1]) < 0) this.#number(block, at, field, tell);
    }
  }

  #number(
    block: Buffer,
    at: number,
    field: FieldName,
    tell: (code: AnomalyCode, detail: string) => void,
  ): number | undefined {
    const range = FIELD[field];
    const { value, form } = numberField(block, at + range[0], at + range[1]);
    if (form === 'malformed') tell('invalid-number', `the ${field} field is no number`);
    else if (form === 'padded') tell('padded-number', `the ${field} field starts with spaces`);
    else if (form === 'base256' && field === 'mode')
      tell('base256-number', 'the mode is written in base 256');
    return value;
  }

  #linkpath(
    block: Buffer,
    at: number,
    typeflag: number,
    applied: Applied | undefined,
    tell: (code: AnomalyCode, detail: string) => void,
  ): string {
    const start = at + FIELD.linkname[0];
    const link = typeflag === Typeflag.Symlink || typeflag === Typeflag.Hardlink;
    if (applied?.linkpath === undefined) {
      if (block[start] === 0 && !link) return '';
      return block.toString('utf8', start, stringEnd(block, start, at + FIELD.linkname[1]));
    }
    const value = applied.linkpath.toString();
    const short = block.toString('utf8', start, stringEnd(block, start, at + FIELD.linkname[1]));
    if (!link) tell('pax-linkpath-mismatch', 'it is no link');
    else if (short !== value && applied.linkpath.length < 100) {
      tell(
        'pax-linkpath-mismatch',
        `the header says ${quote(short)}, the PAX header ${quote(value)}`,
      );
    }
    return value;
  }
}

const OTHER_NUMBERS = ['uid', 'gid', 'mtime'] as const;
