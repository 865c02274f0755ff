import { defineRule, type Rule } from './define-rule.ts';

export const gzipHeader: Rule<'gzip-header'> = defineRule({
  id: 'gzip-header',
  level: 'error',
  summary: 'The gzip header has fields that decompressors treat differently',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
