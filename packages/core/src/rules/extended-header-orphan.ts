import { defineRule, type Rule } from './define-rule.ts';

export const extendedHeaderOrphan: Rule<'extended-header-orphan'> = defineRule({
  id: 'extended-header-orphan',
  level: 'error',
  summary: 'An extended header belongs to no entry',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
