import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/extended.ts'],
  id: 'extended-header-oversized',
  level: 'error',
  stopsReading: true,
  summary: 'An extended header is larger than any real one; node-tar ignores such headers',
  advice: {
    forUsers:
      'Do not install it: npm and Yarn ignore such a header above 1 MiB, other readers obey it.',
    forPublishers: 'Repack with a current client, without extended attributes (`tar --no-xattrs`).',
  },
};
