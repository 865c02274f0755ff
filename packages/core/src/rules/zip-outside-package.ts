import { defineRule, type Rule } from './define-rule.ts';

export const zipOutsidePackage: Rule<'zip-outside-package'> = defineRule({
  id: 'zip-outside-package',
  level: 'error',
  summary: 'A zip entry lies outside of the package folder',
  remedy:
    'Delete the file from the cache and install again; where it comes back, or where it was committed to the repository, find out who made it.',
});
