import { defineRule, type Rule } from './define-rule.ts';

export const gzipCorrupt: Rule<'gzip-corrupt'> = defineRule({
  id: 'gzip-corrupt',
  level: 'error',
  stopsReading: true,
  summary: 'The compressed data is damaged',
  remedy:
    'Fetch it again; if it stays, the archive was damaged or crafted and must not be installed.',
});
