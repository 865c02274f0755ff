import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/extended.ts'],
  id: 'extended-header-orphan',
  level: 'error',
  summary: 'An extended header belongs to no entry',
  advice: {
    forUsers:
      'Do not install it: an entry was taken out of the archive, or readers are meant to give one two paths.',
    forPublishers: 'Repack with a current packaging tool; do not edit archives in place.',
  },
};
