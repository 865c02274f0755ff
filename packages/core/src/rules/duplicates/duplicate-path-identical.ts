import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['formats/format.ts'],
  id: 'duplicate-path-identical',
  level: 'note',
  summary: 'Two entries with the same content have the same path',
  advice: {
    forUsers: 'Nothing needs doing: whichever is kept, the file is the same.',
    forPublishers: 'Repack with a current packaging tool, which lists each file once.',
  },
};
