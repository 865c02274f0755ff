import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/zip/places.ts'],
  id: 'zip-overlap',
  level: 'error',
  summary: 'Entries of the zip share the same bytes',
  advice: {
    forUsers:
      'Do not use the file: one piece of data was made to serve as several files. Delete it, install again, and find out who wrote or committed it.',
  },
};
