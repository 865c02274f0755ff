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
    forPublishers: 'Pack with a current client; the field is then gone.',
  },
};
