import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/zip/directory.ts'],
  id: 'zip-trailing-bytes',
  level: 'error',
  summary: 'Bytes follow the end of the zip',
  advice: {
    forUsers:
      'Do not use the file: something was appended to it, perhaps a second archive. Delete it, install again, and find out what writes to your cache after Yarn.',
  },
};
