import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/zip/types.ts'],
  id: 'zip-type-mismatch',
  level: 'error',
  summary: 'The path and the mode of a zip entry say different types',
  advice: {
    forUsers:
      'Do not use the file: an entry is a folder to some readers and a file to others. Delete it, install again, and find out who wrote or committed it.',
  },
};
