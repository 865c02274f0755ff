import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['rules/apply.ts'],
  id: 'unicode-collision',
  level: 'error',
  summary: 'Two paths differ only in how Unicode is written, so one overwrites the other on macOS',
  advice: {
    forUsers:
      'Do not install it on macOS, where one file replaces the other; report it to its maintainers.',
    forPublishers:
      'Rename one of the files, so that they differ in more than the spelling of an accent.',
  },
};
