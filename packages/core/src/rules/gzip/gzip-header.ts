import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/gzip/gunzip.ts'],
  id: 'gzip-header',
  level: 'error',
  summary: 'The gzip header has fields that decompressors treat differently',
  advice: {
    forUsers:
      'Do not install it: no package tool writes such a header. Ask its maintainers how the file was made.',
    forPublishers: 'Pack with the usual tool, or compress with plain `gzip`.',
  },
};
