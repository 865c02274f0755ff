import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/extended.ts', 'containers/tar/pax.ts'],
  id: 'pax-malformed',
  level: 'error',
  stopsReading: true,
  summary: 'A PAX header is not well formed',
  advice: {
    forUsers:
      'Do not install it: readers that mend or skip the broken header and readers that follow it see different files.',
    forPublishers:
      'Repack with a current packaging tool; a script of your own must count the length of a record in bytes, itself included.',
  },
};
