import { defineRule, type Rule } from './define-rule.ts';

export const gzipOptionalHeader: Rule<'gzip-optional-header'> = defineRule({
  id: 'gzip-optional-header',
  level: 'warning',
  summary: 'The gzip header has optional fields',
  remedy: 'Ask the publisher to repack the archive with a current `npm pack`.',
});
