import { defineRule, type Rule } from './define-rule.ts';

export const tarSignedChecksum: Rule<'tar-signed-checksum'> = defineRule({
  id: 'tar-signed-checksum',
  level: 'error',
  summary: 'A tar header has the checksum of signed bytes, which part of the extractors refuse',
  remedy: 'Ask the publisher to repack the archive with a current `npm pack`.',
});
