import { defineRule, type Rule } from './define-rule.ts';

export const gzipOptionalHeader: Rule<'gzip-optional-header'> = defineRule({
  id: 'gzip-optional-header',
  level: 'warning',
  summary: 'The gzip header has optional fields',
  remedy:
    'Nothing needs doing: every decompressor skips these fields alike. As its publisher, pack with a current client; the field is then gone.',
});
