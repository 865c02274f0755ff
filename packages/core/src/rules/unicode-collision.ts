import { defineRule, type Rule } from './define-rule.ts';

export const unicodeCollision: Rule<'unicode-collision'> = defineRule({
  id: 'unicode-collision',
  level: 'error',
  summary: 'Two paths differ only in how Unicode is written, so one overwrites the other on macOS',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
