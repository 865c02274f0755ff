import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/extended.ts'],
  id: 'pax-global-override',
  level: 'error',
  summary: 'A global PAX header changes all later entries, which some extractors ignore',
  advice: {
    forUsers:
      'Do not install it: one header changes every file after it, and not every extractor obeys.',
    forPublishers:
      'Pack with a packaging tool, or without `--pax-option`; a comment, as `git archive` writes it, times and owners may stay.',
  },
};
