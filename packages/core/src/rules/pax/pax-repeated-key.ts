import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/pax.ts'],
  id: 'pax-repeated-key',
  level: 'error',
  summary: 'A PAX header gives a key twice',
  advice: {
    forUsers: 'Do not install it: which of the two values counts depends on the reader.',
    forPublishers: 'Write each key once, as packaging tools do.',
  },
};
