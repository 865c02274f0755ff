import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/fields.ts'],
  id: 'invalid-number',
  level: 'error',
  summary: 'A number in a tar header cannot be read',
  advice: {
    forUsers:
      'Do not install it: some extractors fail on such a header, and Python loses every file after it.',
    forPublishers:
      'Repack with a current packaging tool; look for the script that wrote the header.',
  },
};
