import { quote } from '../../../../text/printable.ts';
import type { WheelRule } from '../../wheel-rule.ts';

/** Whether the file is a signature of RECORD, which is made after RECORD and not listed in it. */
function isSignature(path: string, distInfo: string | undefined): boolean {
  return path === `${distInfo}/RECORD.jws` || path === `${distInfo}/RECORD.p7s`;
}

export const wheelRecordUnlisted: WheelRule = {
  kind: 'metadata',
  id: 'wheel-record-unlisted',
  level: 'warning',
  summary: 'A file of the wheel is not in RECORD',
  advice: {
    forUsers:
      'You need not do anything if you know who made it: Pyodide compiles the modules of a wheel without a new RECORD. Otherwise do not use it: an uninstallation leaves the file behind, and programs that check RECORD never see it. PyPI no longer accepts such wheels.',
    forPublishers:
      'Build the wheel again instead of adding files to it; `wheel unpack` and `wheel pack` write a new RECORD.',
  },
  check: ({ record, files, distInfo, tree }, report) => {
    const content = record?.content;
    if (content === undefined || content.wrong !== undefined || !tree.complete) return;
    const listed = new Set(content.lines.map(({ path }) => path));
    for (const [path, { entry }] of files) {
      if (!listed.has(path) && !isSignature(path, distInfo)) report(quote(path), entry);
    }
  },
};
