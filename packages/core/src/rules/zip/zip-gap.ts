import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/zip/places.ts'],
  id: 'zip-gap',
  level: 'error',
  summary: 'Bytes of the zip belong to no entry',
  advice: {
    forUsers:
      'Do not use the file: bytes were put between its entries that no listing shows. Delete it, install again, and find out who wrote or committed it.',
  },
};
