import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/fields.ts'],
  id: 'pax-linkpath-mismatch',
  level: 'error',
  summary: 'A PAX link target differs from the header, or comes before what is not a link',
  advice: {
    forUsers: 'Do not install it: where the link leads depends on the reader.',
    forPublishers: 'Ship files instead of links.',
  },
};
