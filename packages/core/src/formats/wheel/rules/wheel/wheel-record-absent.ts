import { quote } from '../../../../text/printable.ts';
import type { WheelRule } from '../../wheel-rule.ts';

export const wheelRecordAbsent: WheelRule = {
  kind: 'metadata',
  id: 'wheel-record-absent',
  level: 'warning',
  summary: 'RECORD lists a file that the wheel does not contain',
  advice: {
    forUsers:
      'You need not do anything if you know who made it: Pyodide compiles the modules of a wheel without a new RECORD. Otherwise do not use it: a file was taken out, and PyPI no longer accepts such wheels.',
    forPublishers:
      'Build the wheel again instead of removing files from it; `wheel unpack` and `wheel pack` write a new RECORD.',
  },
  check: ({ record, files, tree }, report) => {
    const content = record?.content;
    if (content === undefined || !tree.complete) return;
    for (const { path } of content.lines) if (!files.has(path)) report(quote(path), record?.entry);
  },
};
