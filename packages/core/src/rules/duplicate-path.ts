import { defineRule, type Rule } from './define-rule.ts';

export const duplicatePath: Rule<'duplicate-path'> = defineRule({
  id: 'duplicate-path',
  level: 'error',
  summary:
    'Two entries with different content have the same path, and managers keep a different one',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
