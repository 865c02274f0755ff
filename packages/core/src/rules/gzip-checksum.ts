import { defineRule, type Rule } from './define-rule.ts';

export const gzipChecksum: Rule<'gzip-checksum'> = defineRule({
  id: 'gzip-checksum',
  level: 'error',
  summary: 'The gzip checksum is wrong',
  remedy:
    'Fetch it again. Where the checksum stays wrong, the bytes were changed after they were packed: do not install it, and tell its maintainers. As its publisher, pack anew; every tool writes the right checksum.',
});
