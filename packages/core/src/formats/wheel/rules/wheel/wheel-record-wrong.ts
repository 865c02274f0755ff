import { withCodes } from '../../../../rules/table-rows.ts';
import { quote } from '../../../../text/printable.ts';
import type { RecordLine } from '../../record.ts';
import type { WheelEntry } from '../../wheel-package.ts';
import type { WheelRule } from '../../wheel-rule.ts';

const recordWrong = withCodes({
  id: 'wheel-record-wrong',
  level: 'error',
  summary: 'RECORD is missing, cannot be read, or does not fit the files of the wheel',
  advice: {
    forUsers:
      'Do not install it: a file was changed after the wheel was built, or nothing says which files belong to it. Compare the sha256 of the wheel with the one on the public index.',
    forPublishers:
      'Build the wheel again instead of changing files in it; `wheel unpack` and `wheel pack` write a new RECORD.',
  },
});

export const wheelRecord: WheelRule = {
  ...recordWrong('wheel-record', 'The RECORD file of the wheel is missing, or cannot be read'),
  kind: 'metadata',
  check: ({ record, distInfo, tree }, report) => {
    if (record === undefined) {
      if (distInfo !== undefined && tree.complete)
        report(`${quote(`${distInfo}/RECORD`)} is missing`);
      return;
    }
    const { content, entry } = record;
    if (content === undefined) {
      if (tree.complete) report(`it has ${entry.size} bytes, and is not read`, entry);
      return;
    }
    if (content.wrong !== undefined) report(content.wrong, entry);
    const seen = new Set<string>();
    for (const { path } of content.lines) {
      if (seen.has(path)) report(`${quote(path)} is in it twice`, entry);
      seen.add(path);
    }
  },
};

/** Weaker hashes prove nothing. */
const STRONG = /^sha(?:256|384|512)=/;

function fault({ hash, size }: RecordLine, file: WheelEntry, own: boolean): string | undefined {
  // RECORD cannot have its own hash.
  if (own) return hash === '' && size === '' ? undefined : 'it says what it is itself';
  const bytes = file.entry.size;
  if (size !== '' && size !== String(bytes)) return `size ${quote(size)}, it has ${bytes} bytes`;
  if (!STRONG.test(hash)) return hash === '' ? 'no hash' : `hash ${quote(hash)}`;
  return hash === file.hash ? undefined : `it has ${file.hash}`;
}

export const wheelRecordMismatch: WheelRule = {
  ...recordWrong(
    'wheel-record-mismatch',
    'RECORD states another hash or size for a file than the file has',
  ),
  kind: 'metadata',
  check: ({ record, files }, report) => {
    for (const line of record?.content?.lines ?? []) {
      const file = files.get(line.path);
      if (file?.hash === undefined) continue;
      const wrong = fault(line, file, file.entry === record?.entry);
      if (wrong !== undefined) report(`${quote(line.path)}: ${wrong}`, file.entry);
    }
  },
};
