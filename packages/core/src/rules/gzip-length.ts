import { defineRule, type Rule } from './define-rule.ts';

export const gzipLength: Rule<'gzip-length'> = defineRule({
  id: 'gzip-length',
  level: 'error',
  summary: 'The gzip length is wrong',
  remedy:
    'Fetch it again; if it stays, the archive was damaged or crafted and must not be installed.',
});
