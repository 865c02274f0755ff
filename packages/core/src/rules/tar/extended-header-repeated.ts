import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/extended.ts'],
  id: 'extended-header-repeated',
  level: 'error',
  summary: 'An entry has the same extended header twice',
  advice: {
    forUsers:
      'Do not install it: some extractors fail, the others differ on which of the two headers counts.',
    forPublishers: 'Write one extended header for each entry.',
    elsewhere: {
      npm: {
        forUsers:
          'Do not install it: pnpm 12 and bun fail, the others differ on which of the two headers counts.',
        forPublishers: 'Write one extended header for each entry, as `npm pack` does.',
      },
      rubygems: {
        forUsers:
          'Do not install it: RubyGems reads no extended headers, and treats each as a file of its own.',
        forPublishers: 'Build the gem with `gem build`, which writes no extended headers.',
      },
    },
  },
};
