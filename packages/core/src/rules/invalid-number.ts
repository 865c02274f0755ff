import { defineRule, type Rule } from './define-rule.ts';

export const invalidNumber: Rule<'invalid-number'> = defineRule({
  id: 'invalid-number',
  level: 'error',
  summary: 'A number in a tar header cannot be read',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
