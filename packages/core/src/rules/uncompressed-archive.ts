import { defineRule, type Rule } from './define-rule.ts';

export const uncompressedArchive: Rule<'uncompressed-archive'> = defineRule({
  id: 'uncompressed-archive',
  level: 'error',
  summary:
    'The archive is a tar without gzip, which no registry hands out and part of the tools refuse',
  remedy:
    'Ask where the file comes from: registries hand out gzip only. As its publisher, run `gzip` over it, or pack with a package manager.',
});
