import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/gzip/gunzip.ts'],
  id: 'gzip-trailing-bytes',
  level: 'error',
  summary: 'Bytes follow the end of the gzip data',
  advice: {
    forUsers:
      'Do not install it before you know what the bytes are; ask its maintainers for a clean upload.',
    forPublishers:
      'Look for what appended them, such as a signing tool or a broken proxy, and publish a new version.',
  },
};
