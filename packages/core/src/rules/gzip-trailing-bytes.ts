import { defineRule, type Rule } from './define-rule.ts';

export const gzipTrailingBytes: Rule<'gzip-trailing-bytes'> = defineRule({
  id: 'gzip-trailing-bytes',
  level: 'error',
  summary: 'Bytes follow the end of the gzip data',
  remedy:
    'Do not install it before you know what the bytes are; ask its maintainers for a clean upload. As its publisher, look for what appended them, such as a signing tool or a broken proxy, and publish a new version.',
});
