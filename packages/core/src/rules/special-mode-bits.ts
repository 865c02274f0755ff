import { Trait } from '../archive/entry.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const specialModeBits: Rule<'special-mode-bits'> = defineRule({
  id: 'special-mode-bits',
  level: 'error',
  summary: 'The entry asks for set-user-id, set-group-id or sticky',
  remedy:
    'Do not install it, least of all as root or with `-g`: the file would run with the rights of its owner, whoever calls it. As its publisher, take the bits off (`chmod u-s,g-s,-t`), and pack again.',
  entry: {
    traits: Trait.SpecialMode,
    check: (entry) => `mode ${entry.mode.toString(8)}`,
  },
});
