import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/zip/directory.ts'],
  id: 'zip-end-record',
  level: 'error',
  stopsReading: true,
  summary: 'The end record of the zip is missing, or does not fit the archive',
  advice: {
    forUsers:
      'Delete the file and install again: it is cut short, or was put together by something else than Yarn. If it is committed to the repository, find out by what.',
  },
};
