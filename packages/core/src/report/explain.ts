import {
  compareViews,
  rawHeaderAt,
  unzippedFor,
  zipHeadersAt,
  type Comparison,
  type RawHeader,
  type RawZipHeaders,
} from '../package/views/index.ts';
import { BLOCK, FIELD, type FieldName } from '../archive/tar/header.ts';
import { rules, type RuleId } from '../rules/index.ts';
import type { Finding, Verdict } from '../verdict/verdict.ts';
import { byWeight, notesOf } from './finding.ts';

/** Where a finding lies: in the unpacked tar, or in the compressed file itself. */
export type Place = 'tar' | 'file';

/** One finding with all that the bytes say of it. */
export interface ExplainedFinding {
  readonly finding: Finding;
  readonly remedy: string;
  readonly place?: Place;
  /** The header of the entry, where the finding is about one. */
  readonly header?: RawHeader;
  /** The same of a zip, where every entry has two. */
  readonly zipHeaders?: RawZipHeaders;
  readonly bytes?: ShownBytes;
}

/** The bytes that show a finding. */
export interface ShownBytes {
  /** Of the first byte. */
  readonly offset: number;
  /** Of the first byte that matters. */
  readonly at: number;
  /** What stands there, where it is a field of a header. */
  readonly field?: string;
  readonly bytes: Uint8Array;
}

/** Everything there is to say of one archive. */
export interface Explanation {
  readonly path: string;
  readonly verdict: Verdict;
  readonly findings: readonly ExplainedFinding[];
  /** Absent for an archive of Yarn's cache, which only Yarn opens. */
  readonly comparison?: Comparison;
}

/** Findings that are shown with their bytes; the others are only counted. */
const MAX_EXPLAINED = 20;
const SHOWN_BYTES = 48;
const ROW_BYTES = 16;

/** What a rule is about: a field of the header, or the content behind it; the name for the others. */
const FIELD_OF: Readonly<Partial<Record<RuleId, FieldName | 'content'>>> = {
  'pax-malformed': 'content',
  'pax-value-newline': 'content',
  'pax-repeated-key': 'content',
  'pax-charset': 'content',
  'pax-sparse': 'content',
  'pax-global-override': 'content',
  'gnu-long-name': 'content',
  'special-mode-bits': 'mode',
  'execute-without-owner': 'mode',
  'executable-for-others': 'mode',
  'type-bits-in-mode': 'mode',
  'invalid-number': 'mode',
  'invalid-size': 'size',
  'pax-size-mismatch': 'size',
  'size-on-non-file': 'size',
  'base256-number': 'size',
  'padded-number': 'size',
  'tar-checksum': 'checksum',
  'tar-signed-checksum': 'checksum',
  symlink: 'typeflag',
  hardlink: 'typeflag',
  fifo: 'typeflag',
  'character-device': 'typeflag',
  'block-device': 'typeflag',
  'contiguous-file': 'typeflag',
  'unknown-typeflag': 'typeflag',
  'sparse-file': 'typeflag',
  'link-target-on-file': 'linkname',
  'tar-magic': 'magic',
  'tar-blank-magic': 'magic',
  'tar-prefix': 'prefix',
};

/** Joins a verdict with the bytes that it is about. Pure; shows nothing by itself. */
export function explain(path: string, bytes: Uint8Array, verdict: Verdict): Explanation {
  const isTar = verdict.format === 'npm';
  const tar = isTar ? unzippedFor(bytes) : Buffer.alloc(0);
  return {
    path,
    verdict,
    findings: [...byWeight(verdict.findings), ...notesOf(verdict.findings)]
      .slice(0, MAX_EXPLAINED)
      .map((finding) => explainFinding(finding, bytes, tar)),
    ...(isTar && { comparison: compareViews(bytes) }),
  };
}

function explainFinding(finding: Finding, file: Uint8Array, tar: Buffer): ExplainedFinding {
  const { rule, offset, entry } = finding;
  const { remedy } = rules[rule];
  if (offset === undefined) return { finding, remedy };
  const place = tar.length === 0 ? 'file' : placeOf(rule);
  const found = place === 'tar' ? rawHeaderAt(tar, offset) : undefined;
  const header = found === undefined || isBlank(found) ? undefined : found;
  const whole = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const zipHeaders = entry === undefined ? undefined : zipHeadersAt(whole, offset, entry);
  const field = header === undefined ? undefined : (FIELD_OF[rule] ?? 'name');
  const at = offset + (field === undefined ? 0 : field === 'content' ? BLOCK : FIELD[field][0]);
  const aligned = at - (at % ROW_BYTES);
  const shown = (place === 'tar' ? tar : file).subarray(aligned, aligned + SHOWN_BYTES);
  return {
    finding,
    remedy,
    place,
    ...(header && { header }),
    ...(place === 'file' && zipHeaders && { zipHeaders }),
    ...(shown.length > 0 && {
      bytes: { offset: aligned, at, ...(field && { field }), bytes: shown },
    }),
  };
}

function isBlank({ name, size, checksum }: RawHeader): boolean {
  return name === '' && size === '' && checksum.stored === '';
}

function placeOf(rule: RuleId): Place {
  const ofFile =
    /^gzip-|^unrecognised-format$|^uncompressed-archive$|-ratio-limit$|^unpacked-size-limit$/;
  return ofFile.test(rule) ? 'file' : 'tar';
}
