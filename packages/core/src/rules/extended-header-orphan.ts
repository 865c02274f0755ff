import { defineRule, type Rule } from './define-rule.ts';

export const extendedHeaderOrphan: Rule<'extended-header-orphan'> = defineRule({
  id: 'extended-header-orphan',
  level: 'error',
  summary: 'An extended header belongs to no entry',
  remedy:
    'Do not install it: an entry was taken out of the archive, or readers are meant to give one two paths. As its publisher, repack with a current client; do not edit archives in place.',
});
