import { defineRule, type Rule } from './define-rule.ts';

export const unicodeCollision: Rule<'unicode-collision'> = defineRule({
  id: 'unicode-collision',
  level: 'error',
  summary: 'Two paths differ only in how Unicode is written, so one overwrites the other on macOS',
  remedy:
    'Do not install it on macOS, where one file replaces the other; report it to its maintainers. As its publisher, rename one of the files, so that they differ in more than the spelling of an accent.',
});
