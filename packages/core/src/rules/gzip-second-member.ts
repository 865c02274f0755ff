import { defineRule, type Rule } from './define-rule.ts';

export const gzipSecondMember: Rule<'gzip-second-member'> = defineRule({
  id: 'gzip-second-member',
  level: 'error',
  stopsReading: true,
  summary: 'A second gzip member follows the first, which only part of the extractors read',
  remedy:
    'Do not install it: the second part is not inspected, and part of the managers unpack it. As its publisher, compress once: `tar | gzip`, not `cat a.gz b.gz`, nor a compressor that writes independent blocks (bgzip).',
});
