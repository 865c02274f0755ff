import { defineRule, type Rule } from './define-rule.ts';

export const compressionRatioLimit: Rule<'compression-ratio-limit'> = defineRule({
  id: 'compression-ratio-limit',
  level: 'error',
  stopsReading: true,
  summary: 'The archive is packed denser than any real package, as a decompression bomb is',
  remedy:
    'If you know why it is so dense (generated tables, empty images), raise `limits.ratio` in your own policy file; otherwise take it for a bomb. As its publisher, compress such data inside of the package, or generate it on first use.',
});
