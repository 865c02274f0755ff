import { defineRule, type Rule } from './define-rule.ts';

export const invalidNumber: Rule<'invalid-number'> = defineRule({
  id: 'invalid-number',
  level: 'error',
  summary: 'A number in a tar header cannot be read',
  remedy:
    'Do not install it: pnpm 12 and GNU tar fail on such a header, Python loses every file after it. As its publisher, repack with a current client; look for the script that wrote the header.',
});
