import { defineRule, type Rule } from './define-rule.ts';

export const uncompressedArchive: Rule<'uncompressed-archive'> = defineRule({
  id: 'uncompressed-archive',
  level: 'error',
  summary: 'The archive is a tar without gzip, which only part of the managers take',
  remedy: 'Compress it with gzip, as `npm pack` does.',
});
