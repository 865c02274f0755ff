import { defineRule, type Rule } from './define-rule.ts';

export const zipOutsidePackage: Rule<'zip-outside-package'> = defineRule({
  id: 'zip-outside-package',
  level: 'error',
  summary: 'A zip entry lies outside of the package folder',
  remedy:
    'Do not use the file: it holds more than the one package that it is named for. Delete it, install again, and find out who wrote or committed it.',
});
