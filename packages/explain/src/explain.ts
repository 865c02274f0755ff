import { compareViews, type Comparison, VIEWER_NAMES } from './readers/view.ts';
import { viewsOf } from './readers/views-of.ts';
import { posix } from 'node:path';
import { type Finding, type Verdict, RULESET } from '@tarwarden/core';
import {
  byWeight,
  notesOf,
  remedyFor,
  type FetchSource,
  rulePage,
  recordOf,
} from '@tarwarden/core/report';
import { escapedJson } from '@tarwarden/core/text';

/** A verdict, the findings that are shown, and the views of the clients. */
export interface Explanation {
  readonly path: string;
  /** Absent for a file of this machine. */
  readonly fetched?: FetchSource;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** Absent if no client is modelled, as for archives of Yarn's cache, which only Yarn opens. */
  readonly comparison?: Comparison;
}

/** Findings that are shown. The others are only counted. */
const MAX_EXPLAINED = 20;

/** Adds the views of the clients to a verdict. Pure. */
export function explain(
  path: string,
  bytes: Uint8Array,
  verdict: Verdict,
  requested?: { readonly name?: string; readonly version?: string },
): Explanation {
  const fileName = posix.basename(path.replaceAll('\\', '/'));
  const { name, version } = requested ?? verdict.manifest ?? {};
  // go expects all files in a folder of this name.
  const expected = name === undefined || version === undefined ? undefined : `${name}@${version}`;
  const views = viewsOf(verdict.format, { bytes, fileName, expected });
  return {
    path,
    verdict,
    findings: [...byWeight(verdict.findings), ...notesOf(verdict.findings)].slice(0, MAX_EXPLAINED),
    ...(views && { comparison: compareViews(views) }),
  };
}

/** The bytes in which the offset of a finding counts: those of the unpacked tar, or of the file itself. */
export function offsetPlace({ offset, layer }: Finding): 'tar' | 'file' | undefined {
  return offset === undefined ? undefined : layer === 'tar' ? 'tar' : 'file';
}

/** Version of the document's shape. Raise it if a key changes its meaning or is removed. */
const SCHEMA = 2;

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
    findings: findings.map((finding) => ({
      ...finding,
      remedy: remedyFor(finding, verdict.format),
      docs: rulePage(finding.rule),
      place: offsetPlace(finding) ?? null,
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
