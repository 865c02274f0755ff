import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/reader.ts'],
  id: 'nonzero-tail',
  level: 'error',
  stopsReading: true,
  summary: 'Bytes follow the end-of-archive marker',
  advice: {
    forUsers: 'Do not install it before you know what the bytes are: they are not inspected.',
    forPublishers: 'Repack with a current packaging tool, which ends the archive with zeros alone.',
  },
};
