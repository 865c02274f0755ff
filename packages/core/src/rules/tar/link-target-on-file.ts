import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/fields.ts'],
  id: 'link-target-on-file',
  level: 'error',
  summary: 'An entry that is not a link has a link target, for which some extractors drop it',
  advice: {
    forUsers:
      'Do not install it: some extractors leave the file out, others install it. Report it to the registry.',
    forPublishers: 'Repack with a current packaging tool, which leaves the field empty.',
    elsewhere: {
      npm: {
        forUsers:
          'Do not install it: npm and Yarn 4 leave the file out, pnpm and bun install it. Report it to the registry.',
        forPublishers: 'Repack with a current packaging tool, which leaves the field empty.',
      },
    },
  },
};
