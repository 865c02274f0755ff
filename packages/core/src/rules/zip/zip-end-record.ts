import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/zip/directory.ts', 'containers/zip/end-record.ts'],
  id: 'zip-end-record',
  level: 'error',
  stopsReading: true,
  summary: 'The end record of the zip is missing, or does not fit the archive',
  advice: {
    forUsers:
      'Delete the file and fetch it again: it is cut short, or was put together so that programs find different files in it. If it is committed to the repository, find out by what.',
  },
};
