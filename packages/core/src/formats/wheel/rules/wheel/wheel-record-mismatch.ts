import { quote } from '../../../../text/printable.ts';
import type { RecordLine } from '../../record.ts';
import type { WheelEntry } from '../../wheel-package.ts';
import type { WheelRule } from '../../wheel-rule.ts';

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
  kind: 'metadata',
  id: 'wheel-record-mismatch',
  level: 'error',
  summary: 'RECORD states another hash or size for a file than the file has',
  advice: {
    forUsers:
      'Do not install it: the file was changed after the wheel was built. Compare the sha256 of the wheel with the one on the public index.',
    forPublishers:
      'Build the wheel again instead of changing files in it; `wheel unpack` and `wheel pack` write a new RECORD.',
  },
  check: ({ record, files }, report) => {
    for (const line of record?.content?.lines ?? []) {
      const file = files.get(line.path);
      if (file?.hash === undefined) continue;
      const wrong = fault(line, file, file.entry === record?.entry);
      if (wrong !== undefined) report(`${quote(line.path)}: ${wrong}`, file.entry);
    }
  },
};
