import { defineRule, type Rule } from './define-rule.ts';

export const gzipChecksum: Rule<'gzip-checksum'> = defineRule({
  id: 'gzip-checksum',
  level: 'error',
  summary: 'The gzip checksum is wrong',
  remedy:
    'Fetch it again; if it stays, the archive was damaged or crafted and must not be installed.',
});
