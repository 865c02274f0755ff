import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/reader.ts'],
  id: 'long-zero-tail',
  level: 'warning',
  summary: 'More zeros follow the end-of-archive marker than some extractors take',
  advice: {
    forUsers: 'Nothing needs doing: nobody unpacks the zeros.',
    forPublishers:
      'Pack again with a current packaging tool, or with tar and its ordinary blocking factor.',
    elsewhere: {
      npm: {
        forUsers:
          'Nothing needs doing, except with pnpm 12, which cannot install it: nobody unpacks the zeros.',
        forPublishers: 'Pack again with `npm pack`, or with tar and its ordinary blocking factor.',
      },
    },
  },
};
