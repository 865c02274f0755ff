import { VIEWER_NAMES } from './readers/index.ts';
import { RULESET } from '../index.ts';
import { escapedJson } from '../text/index.ts';
import type { Explanation } from './explain.ts';
import { rulePage, recordOf } from '../report/index.ts';

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
