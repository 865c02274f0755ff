import {
  compareViews,
  rawHeaderAt,
  tarFor,
  viewsOf,
  zipHeadersAt,
  type Comparison,
  type RawHeader,
  type RawZipHeaders,
} from './readers/index.ts';
import { BLOCK, FIELD } from '../containers/index.ts';
import { posix } from 'node:path';
import type { Finding, Format, Verdict } from '../index.ts';
import { byWeight, notesOf, remedyFor } from '../report/index.ts';

/** Where a finding lies: in the unpacked tar, or in the file itself. */
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
  /** What is there, where it is a field of a header. */
  readonly field?: string;
  readonly bytes: Uint8Array;
}

/** Everything there is to say of one archive. */
export interface Explanation {
  readonly path: string;
  readonly verdict: Verdict;
  readonly findings: readonly ExplainedFinding[];
  /** Absent where no client is modelled: for an archive of Yarn's cache, which only Yarn opens. */
  readonly comparison?: Comparison;
}

/** Findings that are shown with their bytes; the others are only counted. */
const MAX_EXPLAINED = 20;
const SHOWN_BYTES = 48;
const ROW_BYTES = 16;

/** Joins a verdict with the bytes that it is about. Pure; shows nothing by itself. */
export function explain(
  path: string,
  bytes: Uint8Array,
  verdict: Verdict,
  asked?: PackageAsked,
): Explanation {
  const fileName = posix.basename(path.replaceAll('\\', '/'));
  const views = viewsOf(verdict.format, { bytes, fileName, expected: moduleOf(asked, verdict) });
  const tar = tarFor(verdict.format, bytes);
  return {
    path,
    verdict,
    findings: [...byWeight(verdict.findings), ...notesOf(verdict.findings)]
      .slice(0, MAX_EXPLAINED)
      .map((finding) => explainFinding(finding, verdict.format, { file: bytes, tar })),
    ...(views && { comparison: compareViews(views) }),
  };
}

/** What was asked for, where that is known. */
export interface PackageAsked {
  readonly name?: string;
  readonly version?: string;
}

/** `module@version`, in the folder of which go expects all files. */
function moduleOf(asked: PackageAsked | undefined, { manifest }: Verdict): string | undefined {
  const { name, version } = asked ?? manifest ?? {};
  return name === undefined || version === undefined ? undefined : `${name}@${version}`;
}

function explainFinding(
  finding: Finding,
  format: Format,
  { file, tar }: { readonly file: Uint8Array; readonly tar: Buffer },
): ExplainedFinding {
  const { rule, offset, entry, layer } = finding;
  const remedy = remedyFor(rule, format);
  if (offset === undefined) return { finding, remedy };
  const place = layer === 'tar' ? 'tar' : 'file';
  const found = place === 'tar' ? rawHeaderAt(tar, offset) : undefined;
  const header = found === undefined || isBlank(found) ? undefined : found;
  const whole = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const zipHeaders = entry === undefined ? undefined : zipHeadersAt(whole, offset, entry);
  const field = header === undefined ? undefined : (finding.field ?? 'name');
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
