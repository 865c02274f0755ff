import { defineRule, type Rule } from './define-rule.ts';

export const gzipTruncated: Rule<'gzip-truncated'> = defineRule({
  id: 'gzip-truncated',
  level: 'error',
  stopsReading: true,
  summary: 'The gzip file is cut short',
  remedy:
    'Fetch it again; if it stays, the archive was damaged or crafted and must not be installed.',
});
