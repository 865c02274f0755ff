import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/zip/end-record.ts'],
  id: 'zip-trailing-bytes',
  level: 'error',
  summary: 'Bytes follow the end of the zip',
  advice: {
    forUsers:
      'Do not use the file: something was appended to it, perhaps a second archive. Delete it, fetch it again, and find out what writes to it.',
  },
};
