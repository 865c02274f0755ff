import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['rules/apply.ts'],
  id: 'case-collision',
  level: 'error',
  summary: 'Two paths differ only in case, so one overwrites the other on Windows and macOS',
  advice: {
    forUsers:
      'Do not install it on Windows or macOS, where one file replaces the other. For a package that you know, an exception is one line.',
    forPublishers: 'Rename one of the files.',
  },
};
