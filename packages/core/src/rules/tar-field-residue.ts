import { defineRule, type Rule } from './define-rule.ts';

export const tarFieldResidue: Rule<'tar-field-residue'> = defineRule({
  id: 'tar-field-residue',
  level: 'error',
  summary: 'A tar header hides bytes behind the end of a string',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
