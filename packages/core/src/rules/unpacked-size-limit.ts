import { defineRule, type Rule } from './define-rule.ts';

export const unpackedSizeLimit: Rule<'unpacked-size-limit'> = defineRule({
  id: 'unpacked-size-limit',
  level: 'error',
  stopsReading: true,
  summary: 'The archive unpacks to more than the limit',
  remedy:
    'If the package is known to be this large (browser binaries, models), raise `limits.unpackedBytes` in your own policy file; otherwise do not install it. As its publisher, ship large binaries as packages per platform, or fetch them on demand.',
});
