import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/entry-reader.ts'],
  id: 'tar-prefix',
  level: 'error',
  summary: 'A tar header has bytes in the prefix field that only some extractors read as a path',
  advice: {
    forUsers:
      'Do not install it: some extractors put these bytes before the path, so that the file lands in two places.',
    forPublishers: 'Pack without `--incremental`, with which GNU tar writes times into this field.',
    elsewhere: {
      npm: {
        forUsers:
          'Do not install it: with pnpm and Yarn classic the file lands at another path than with npm and Yarn 4.',
        forPublishers:
          'Pack without `--incremental`, with which GNU tar writes times into this field.',
      },
    },
  },
};
