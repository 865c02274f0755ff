import { defineRule, type Rule } from './define-rule.ts';

export const foreignMagic: Rule<'foreign-magic'> = defineRule({
  id: 'foreign-magic',
  level: 'error',
  summary:
    'The tar begins with the magic number of another format, as which some extractors read it',
  remedy:
    'Do not install it, and report it to the registry: it was made to hold two packages, and which one you get depends on who unpacks it. As its publisher, pack with a package manager, or rename the first folder.',
});
