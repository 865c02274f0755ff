import { quote } from '../../../../text/printable.ts';
import type { WheelRule } from '../../wheel-rule.ts';

/** Matches a component `..`, a root, a drive, or a separator of Windows. */
const ELSEWHERE = /(?:^|\/)\.\.(?:\/|$)|^\/|\\|^[a-z]:/i;

export const wheelRecordEscapes: WheelRule = {
  kind: 'metadata',
  id: 'wheel-record-escapes',
  level: 'error',
  summary: 'RECORD lists a file outside the wheel',
  advice: {
    forUsers:
      'Do not install it: if you uninstall the package, the installer deletes the files that RECORD lists, and this file does not belong to the package.',
    forPublishers: 'Build the wheel again; paths in RECORD are those of the zip.',
  },
  check: ({ record }, report) => {
    for (const { path } of record?.content?.lines ?? [])
      if (ELSEWHERE.test(path)) report(quote(path), record?.entry);
  },
};
