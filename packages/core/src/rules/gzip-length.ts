import { defineRule, type Rule } from './define-rule.ts';

export const gzipLength: Rule<'gzip-length'> = defineRule({
  id: 'gzip-length',
  level: 'error',
  summary: 'The gzip length is wrong',
  remedy:
    'Fetch it again. Where the length stays wrong, the file is damaged or crafted: do not install it, and tell its maintainers. As its publisher, pack anew; every tool writes the right length.',
});
