import { defineRule, type Rule } from './define-rule.ts';

export const gzipHeader: Rule<'gzip-header'> = defineRule({
  id: 'gzip-header',
  level: 'error',
  summary: 'The gzip header has fields that decompressors treat differently',
  remedy:
    'Do not install it: no package tool writes such a header. Ask its maintainers how the file was made. As its publisher, compress with the package manager, or with plain `gzip`.',
});
