import { defineRule, type Rule } from './define-rule.ts';

export const tarSignedChecksum: Rule<'tar-signed-checksum'> = defineRule({
  id: 'tar-signed-checksum',
  level: 'error',
  summary: 'A tar header has the checksum of signed bytes, which part of the extractors refuse',
  remedy:
    'Do not install it: npm and Yarn 4 leave the entry out, other tools unpack it. As its publisher, repack with `npm pack`; only very old tar programs add up signed bytes.',
});
