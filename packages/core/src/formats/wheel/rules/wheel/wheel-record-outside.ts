import { Trait } from '../../../../containers/entry.ts';
import { withCodes } from '../../../../rules/table-rows.ts';
import { quote } from '../../../../text/printable.ts';
import { foldedKey, settledPath } from '../../../../tree/package-path.ts';
import type { WheelRule } from '../../wheel-rule.ts';

const recordOutside = withCodes({
  id: 'wheel-record-outside',
  level: 'error',
  summary: 'RECORD lists a file that does not belong to the package',
  advice: {
    forUsers:
      'Do not install it: if you uninstall or upgrade the package, the installer deletes the files that RECORD lists, also those of other packages.',
    forPublishers:
      'Build the wheel again; paths in RECORD are those of the zip. `wheel unpack` and `wheel pack` write it again.',
  },
});

/** Matches a component `..`, a root, a drive, or a separator of Windows. */
const ELSEWHERE = /(?:^|\/)\.\.(?:\/|$)|^\/|\\|^[a-z]:/i;

export const wheelRecordEscapes: WheelRule = {
  ...recordOutside('wheel-record-escapes', 'RECORD lists a file outside the wheel'),
  kind: 'metadata',
  check: ({ record }, report) => {
    for (const { path } of record?.content?.lines ?? [])
      if (ELSEWHERE.test(path)) report(quote(path), record?.entry);
  },
};

const keyOfPath = (path: string): string =>
  foldedKey(settledPath(path), Trait.NonAscii | Trait.UpperCase);

const topOf = (key: string): string => key.split('/', 1)[0]!;

export const wheelRecordForeign: WheelRule = {
  ...recordOutside('wheel-record-foreign', 'RECORD lists a file of another package'),
  kind: 'metadata',
  check: ({ record, files, tree }, report) => {
    const content = record?.content;
    if (content === undefined || !tree.complete) return;
    const own = new Set<string>();
    for (const path of files.keys()) {
      const key = keyOfPath(path);
      own.add(key);
      if (key.includes('/')) own.add(`${topOf(key)}/`);
    }
    for (const { path } of content.lines) {
      const key = keyOfPath(path);
      if (files.has(path) || own.has(key)) continue;
      // The path is in a folder of the wheel itself, or it is a top-level module that was compiled afterwards.
      const isOwn = key.includes('/') ? own.has(`${topOf(key)}/`) : own.has(`${key}c`);
      if (!isOwn) report(quote(path), record?.entry);
    }
  },
};
