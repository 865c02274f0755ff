import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/gzip/gunzip.ts', 'containers/zip/reader.ts'],
  id: 'unpacked-size-limit',
  level: 'error',
  stopsReading: true,
  summary: 'The archive unpacks to more than the limit',
  advice: {
    forUsers:
      'If the package is known to be this large (browser binaries, models), raise `limits.unpackedBytes` in your own policy file; otherwise do not install it.',
    forPublishers: 'Ship large binaries as packages per platform, or fetch them on demand.',
  },
};
