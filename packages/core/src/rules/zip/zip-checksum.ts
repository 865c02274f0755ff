import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/zip/entry-data.ts'],
  id: 'zip-checksum',
  level: 'error',
  summary: 'The checksum of a zip entry is wrong',
  advice: {
    forUsers:
      'Delete the file and fetch it again: its content was changed after it was packed, or the disk fails. If it is committed to the repository, look at who changed it last.',
  },
};
