import { defineRule, type Rule } from './define-rule.ts';

export const unpackedSizeLimit: Rule<'unpacked-size-limit'> = defineRule({
  id: 'unpacked-size-limit',
  level: 'error',
  stopsReading: true,
  summary: 'The archive unpacks to more than the limit',
  remedy:
    'If the package is meant to be this large, raise `limits.unpackedBytes` in your own policy file.',
});
