import { withCodes } from '../../../../rules/table-rows.ts';
import { quote } from '../../../../text/printable.ts';
import type { WheelRule } from '../../wheel-rule.ts';

const recordIncomplete = withCodes({
  id: 'wheel-record-incomplete',
  level: 'warning',
  summary: 'RECORD lists other files than the wheel contains',
  advice: {
    forUsers:
      'You need not do anything if you know who made it: Pyodide compiles the modules of a wheel without a new RECORD. Otherwise do not use it: a file was added or taken out, and PyPI no longer accepts such wheels.',
    forPublishers:
      'Build the wheel again instead of adding or removing files; `wheel unpack` and `wheel pack` write a new RECORD.',
  },
});

export const wheelRecordAbsent: WheelRule = {
  ...recordIncomplete('wheel-record-absent', 'RECORD lists a file that the wheel does not contain'),
  kind: 'metadata',
  check: ({ record, files, tree }, report) => {
    const content = record?.content;
    if (content === undefined || !tree.complete) return;
    for (const { path } of content.lines) if (!files.has(path)) report(quote(path), record?.entry);
  },
};

/** Whether the file is a signature of RECORD, which is made after RECORD and not listed in it. */
function isSignature(path: string, distInfo: string | undefined): boolean {
  return path === `${distInfo}/RECORD.jws` || path === `${distInfo}/RECORD.p7s`;
}

export const wheelRecordUnlisted: WheelRule = {
  ...recordIncomplete('wheel-record-unlisted', 'A file of the wheel is not in RECORD'),
  kind: 'metadata',
  check: ({ record, files, distInfo, tree }, report) => {
    const content = record?.content;
    if (content === undefined || content.wrong !== undefined || !tree.complete) return;
    const listed = new Set(content.lines.map(({ path }) => path));
    for (const [path, { entry }] of files) {
      if (!listed.has(path) && !isSignature(path, distInfo)) report(quote(path), entry);
    }
  },
};
