import { defineRule, type Rule } from './define-rule.ts';

export const tarFieldResidue: Rule<'tar-field-residue'> = defineRule({
  id: 'tar-field-residue',
  level: 'error',
  summary: 'A tar header hides bytes behind the end of a string',
  remedy:
    'Do not install it: bytes hide behind the end of a name, where no honest packer puts any. Report it to the registry. As its publisher, repack with a current client, which fills fields with NUL.',
});
