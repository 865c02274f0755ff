import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/zip/entry-data.ts', 'containers/zip/reader.ts'],
  id: 'zip-corrupt',
  level: 'error',
  stopsReading: true,
  summary: 'The content of a zip entry cannot be unpacked to what its header says',
  advice: {
    forUsers:
      'Delete the file and install again: it was damaged on its way. If it is committed to the repository, look whether a git filter (LFS, line endings) or someone rewrote it.',
  },
};
