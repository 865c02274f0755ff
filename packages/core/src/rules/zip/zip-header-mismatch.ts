import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/zip/reader.ts'],
  id: 'zip-header-mismatch',
  level: 'error',
  stopsReading: true,
  summary: 'The two headers of a zip entry contradict each other',
  advice: {
    forUsers:
      'Do not use the file: what a listing shows is not what another reader unpacks. Delete it, install again, and find out who wrote or committed it.',
  },
};
