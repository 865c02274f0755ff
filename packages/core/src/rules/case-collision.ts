import { defineRule, type Rule } from './define-rule.ts';

export const caseCollision: Rule<'case-collision'> = defineRule({
  id: 'case-collision',
  level: 'error',
  summary: 'Two paths differ only in case, so one overwrites the other on Windows and macOS',
  remedy:
    'Do not install it on Windows or macOS, where one file replaces the other. For a package that you know, an exception is one line. As its publisher, rename one of the files.',
});
