import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['formats/npm-tarball/read.ts'],
  id: 'unrecognised-format',
  level: 'error',
  stopsReading: true,
  summary: 'The file is neither a gzip nor a tar archive',
  advice: {
    forUsers:
      'Look at the first bytes of the file: an HTML page means that a proxy or a login is between you and the registry. Fetch it again past that; do not install it as it is.',
    forPublishers:
      'Build it with the packaging tool of your ecosystem, and publish what that makes.',
    elsewhere: {
      npm: {
        forUsers:
          'Look at the first bytes of the file: an HTML page means that a proxy or a login is between you and the registry. Fetch it again past that; do not install it as it is.',
        forPublishers:
          'Publish with `npm pack`, `pnpm pack` or `yarn pack`: a gzipped tar is the one format that every manager takes.',
      },
      pypi: {
        forUsers:
          'Look at the first bytes of the file: an HTML page means that a proxy or a login is between you and the index. Fetch it again past that; do not install it as it is.',
        forPublishers: 'Build with `python -m build`, and upload what it makes.',
      },
    },
  },
};
