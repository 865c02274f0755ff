import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/gzip/gunzip.ts'],
  id: 'gzip-optional-header',
  level: 'warning',
  elsewhere: { sdist: { level: 'note', why: "Python's gzip writes the name of the file." } },
  summary: 'The gzip header has optional fields',
  advice: {
    forUsers: 'Nothing needs doing: every decompressor skips these fields alike.',
    forPublishers: 'Pack with a current packaging tool; the field is then gone.',
    elsewhere: {
      sdist: {
        forUsers:
          'Nothing needs doing: Python writes the name of the file there, and every decompressor skips it.',
        forPublishers: 'Nothing has to be done: PyPI and all installers take it.',
      },
    },
  },
};
