import { defineRule, type Rule } from './define-rule.ts';

export const compressionRatioLimit: Rule<'compression-ratio-limit'> = defineRule({
  id: 'compression-ratio-limit',
  level: 'error',
  stopsReading: true,
  summary: 'The archive is packed denser than any real package, as a decompression bomb is',
  remedy: 'If the package is honest, raise `limits.ratio` in your own policy file.',
});
