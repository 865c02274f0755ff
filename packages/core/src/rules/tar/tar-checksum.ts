import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/entry-reader.ts'],
  id: 'tar-checksum',
  level: 'error',
  stopsReading: true,
  summary: 'A tar header is damaged',
  advice: {
    forUsers:
      'Fetch it again. Where it stays, a header was changed after packing, and some extractors leave its entry out without failing: do not install it, and tell its maintainers.',
    forPublishers: 'Pack with a current packaging tool; every one writes the right checksum.',
  },
};
