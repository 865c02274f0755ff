import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/reader.ts'],
  id: 'missing-end-marker',
  level: 'error',
  summary: 'The end-of-archive marker is missing, so a cut archive would look whole',
  advice: {
    forUsers:
      'Fetch it again. If it stays, compare its files with the repository of the package, and add an exception only where none is missing.',
    forPublishers:
      'Repack with a current packaging tool, which ends the archive with two blocks of zeros.',
  },
};
