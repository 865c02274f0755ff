import { defineRule, type Rule } from './define-rule.ts';

export const gzipCorrupt: Rule<'gzip-corrupt'> = defineRule({
  id: 'gzip-corrupt',
  level: 'error',
  stopsReading: true,
  summary: 'The compressed data is damaged',
  remedy:
    "Fetch it again. Where the same bytes come back, the registry's copy is damaged or crafted: do not install it, and tell its maintainers. As its publisher, publish again under a new version; a damaged upload does not heal.",
});
