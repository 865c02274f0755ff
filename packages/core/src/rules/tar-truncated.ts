import { defineRule, type Rule } from './define-rule.ts';

export const tarTruncated: Rule<'tar-truncated'> = defineRule({
  id: 'tar-truncated',
  level: 'error',
  stopsReading: true,
  summary: 'The tar archive is cut short',
  remedy:
    "Fetch it again. Where it stays short, files are missing from the registry's copy: do not install it, and tell its maintainers. As its publisher, look for what cut the archive before it was compressed, and publish a new version.",
});
