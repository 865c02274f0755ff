import { defineRule, type Rule } from './define-rule.ts';

export const caseCollision: Rule<'case-collision'> = defineRule({
  id: 'case-collision',
  level: 'error',
  summary: 'Two paths differ only in case, so one overwrites the other on Windows and macOS',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
