import {
  compareViews,
  rawHeaderAt,
  unzippedFor,
  type Comparison,
  type RawHeader,
} from '../package/views/index.ts';
import { rules, type RuleId } from '../rules/index.ts';
import type { Finding, Verdict } from '../verdict/verdict.ts';
import { byWeight } from './finding.ts';

/** Where a finding lies: in the unpacked tar, or in the compressed file itself. */
export type Place = 'tar' | 'file';

/** One finding with all that the bytes say of it. */
export interface ExplainedFinding {
  readonly finding: Finding;
  readonly remedy: string;
  readonly place?: Place;
  /** The header of the entry, where the finding is about one. */
  readonly header?: RawHeader;
  /** The bytes that show it, with the offset of the first. */
  readonly bytes?: { readonly offset: number; readonly bytes: Uint8Array };
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
const BLOCK = 512;

/** Offset in a header of the field that a rule is about, or of the content behind it; the name for the others. */
const FIELD_OF: Readonly<Partial<Record<RuleId, number>>> = {
  'pax-malformed': BLOCK,
  'pax-value-newline': BLOCK,
  'pax-repeated-key': BLOCK,
  'pax-charset': BLOCK,
  'pax-sparse': BLOCK,
  'pax-global-override': BLOCK,
  'gnu-long-name': BLOCK,
  'special-mode-bits': 100,
  'type-bits-in-mode': 100,
  'invalid-number': 100,
  'invalid-size': 124,
  'pax-size-mismatch': 124,
  'size-on-non-file': 124,
  'base256-number': 124,
  'padded-number': 124,
  'tar-checksum': 148,
  'tar-signed-checksum': 148,
  symlink: 156,
  hardlink: 156,
  fifo: 156,
  'character-device': 156,
  'block-device': 156,
  'contiguous-file': 156,
  'unknown-typeflag': 156,
  'sparse-file': 156,
  'tar-magic': 257,
  'tar-blank-magic': 257,
  'tar-prefix': 345,
};

/** Joins a verdict with the bytes that it is about. Pure; shows nothing by itself. */
export function explain(path: string, bytes: Uint8Array, verdict: Verdict): Explanation {
  const isTar = verdict.format === 'npm';
  const tar = isTar ? unzippedFor(bytes) : Buffer.alloc(0);
  return {
    path,
    verdict,
    findings: byWeight(verdict.findings)
      .slice(0, MAX_EXPLAINED)
      .map((finding) => explainFinding(finding, bytes, tar)),
    ...(isTar && { comparison: compareViews(bytes) }),
  };
}

function explainFinding(finding: Finding, file: Uint8Array, tar: Buffer): ExplainedFinding {
  const { rule, offset } = finding;
  const { remedy } = rules[rule];
  if (offset === undefined) return { finding, remedy };
  const place = tar.length === 0 ? 'file' : placeOf(rule);
  const from = place === 'tar' ? offset + (FIELD_OF[rule] ?? 0) : offset;
  const source = place === 'tar' ? tar : file;
  const aligned = from - (from % 16);
  const shown = source.subarray(aligned, aligned + SHOWN_BYTES);
  const header = place === 'tar' ? rawHeaderAt(tar, offset - (offset % BLOCK)) : undefined;
  return {
    finding,
    remedy,
    place,
    ...(header === undefined || isBlank(header) ? {} : { header }),
    ...(shown.length === 0 ? {} : { bytes: { offset: aligned, bytes: shown } }),
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
