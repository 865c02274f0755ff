import { defineRule, type Rule } from './define-rule.ts';

export const extendedHeaderOversized: Rule<'extended-header-oversized'> = defineRule({
  id: 'extended-header-oversized',
  level: 'error',
  stopsReading: true,
  summary: 'An extended header is larger than any real one; node-tar ignores such headers',
  remedy:
    'Do not install it: npm and Yarn ignore such a header above 1 MiB, other readers obey it. As its publisher, repack with a current client, without extended attributes (`tar --no-xattrs`).',
});
