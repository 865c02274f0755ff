import { defineRule, type Rule } from './define-rule.ts';

export const paddedNumber: Rule<'padded-number'> = defineRule({
  id: 'padded-number',
  level: 'warning',
  summary: 'A number in a tar header starts with spaces',
  remedy:
    'Nothing needs doing: every extractor skips the spaces. As its publisher, repack with a current client, which writes digits only.',
});
