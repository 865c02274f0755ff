import { compareViews, type Comparison, VIEWER_NAMES } from './readers/view.ts';
import {
  rawHeaderAt,
  zipHeadersAt,
  type RawHeader,
  type RawZipHeaders,
} from './readers/raw-headers.ts';
import { tarFor, viewsOf } from './readers/views-of.ts';
import { BLOCK, FIELD } from '../containers/index.ts';
import { posix } from 'node:path';
import { type Finding, type Format, type Verdict, RULESET } from '../index.ts';
import {
  byWeight,
  notesOf,
  remedyFor,
  type FetchSource,
  rulePage,
  recordOf,
} from '../report/index.ts';
import { escapedJson } from '../text/index.ts';

/** The bytes in which the offset of a finding counts: the unpacked tar, or the file itself. */
type OffsetBase = 'tar' | 'file';

/** One finding with its bytes. */
export interface ExplainedFinding {
  readonly finding: Finding;
  readonly remedy: string;
  readonly place?: OffsetBase;
  /** The header of the entry, if the finding is about an entry of a tar. */
  readonly header?: RawHeader;
  /** The two headers of the entry, if the finding is about an entry of a zip. */
  readonly zipHeaders?: RawZipHeaders;
  readonly bytes?: ShownBytes;
}

/** The bytes that show a finding. */
export interface ShownBytes {
  /** Offset of the first byte. */
  readonly offset: number;
  /** Offset of the first byte that matters. */
  readonly at: number;
  /** Name of the header field there, if it is one. */
  readonly field?: string;
  readonly bytes: Uint8Array;
}

/** A verdict, its findings with their bytes, and the views of the clients. */
export interface Explanation {
  readonly path: string;
  /** Absent for a file of this machine. */
  readonly fetched?: FetchSource;
  readonly verdict: Verdict;
  readonly findings: readonly ExplainedFinding[];
  /** Absent if no client is modelled, as for archives of Yarn's cache, which only Yarn opens. */
  readonly comparison?: Comparison;
}

/** Findings that are shown with their bytes. The others are only counted. */
const MAX_EXPLAINED = 20;
const SHOWN_BYTES = 48;
const ROW_BYTES = 16;

/** Adds the bytes of each finding, and the views of the clients, to a verdict. Pure. */
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

/** The package that was asked for, as far as it is known. */
interface PackageAsked {
  readonly name?: string;
  readonly version?: string;
}

/** `module@version`: go expects all files in a folder of this name. */
function moduleOf(asked: PackageAsked | undefined, { manifest }: Verdict): string | undefined {
  const { name, version } = asked ?? manifest ?? {};
  return name === undefined || version === undefined ? undefined : `${name}@${version}`;
}

function explainFinding(
  finding: Finding,
  format: Format,
  { file, tar }: { readonly file: Uint8Array; readonly tar: Buffer },
): ExplainedFinding {
  const { offset, entry, layer } = finding;
  const remedy = remedyFor(finding, format);
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

/** Version of the document's shape. Raise it if a key changes its meaning or is removed. */
const SCHEMA = 1;

/** Files of one manager that are listed. The others are counted. */
const MAX_FILES = 1000;

/** The explanation as one JSON document on one line, with everything that is not printable escaped. */
export function explanationJson(explanation: Explanation): string {
  const { path, fetched, verdict, findings, comparison } = explanation;
  const source = fetched === undefined ? {} : { fetched };
  const { findings: _findings, ...record } = recordOf({ path, verdict, ...source });
  const document = {
    schema: SCHEMA,
    ruleset: RULESET,
    ...record,
    archive: verdict.archive,
    findings: findings.map(({ finding, remedy, place, header, zipHeaders, bytes }) => ({
      ...finding,
      remedy,
      docs: rulePage(finding.rule),
      place: place ?? null,
      header: header ?? null,
      zipHeaders: zipHeaders ?? null,
      bytes:
        bytes === undefined
          ? null
          : {
              offset: bytes.offset,
              at: bytes.at,
              field: bytes.field ?? null,
              hex: Buffer.from(bytes.bytes).toString('hex'),
            },
    })),
    managers: (comparison?.views ?? []).map(({ viewer, outcome, files, lost, note }) => ({
      manager: viewer,
      versions: VIEWER_NAMES[viewer],
      outcome,
      note,
      fileCount: files.length,
      files: files.slice(0, MAX_FILES),
      lost: lost.slice(0, MAX_FILES),
    })),
    agree: comparison?.agree ?? null,
    differences: (comparison?.differences ?? []).slice(0, MAX_FILES),
    folded: (comparison?.folded ?? []).slice(0, MAX_FILES),
  };
  return `${escapedJson(document)}\n`;
}
