import { defineRule, type Rule } from './define-rule.ts';

export const gzipTruncated: Rule<'gzip-truncated'> = defineRule({
  id: 'gzip-truncated',
  level: 'error',
  stopsReading: true,
  summary: 'The gzip file is cut short',
  remedy:
    "Fetch it again: a broken download looks like this. Where it stays short, the registry's copy is cut: do not install it, and tell its maintainers. As its publisher, compare the size on the registry with that of your file, and publish a new version.",
});
