import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/entry-reader.ts', 'containers/tar/fields.ts'],
  id: 'padded-number',
  level: 'warning',
  summary: 'A number in a tar header starts with spaces',
  advice: {
    forUsers: 'Nothing needs doing: every extractor skips the spaces.',
    forPublishers: 'Repack with a current packaging tool, which writes digits only.',
  },
};
