import { Trait } from '../archive/entry.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const specialModeBits: Rule<'special-mode-bits'> = defineRule({
  id: 'special-mode-bits',
  level: 'error',
  summary: 'The entry asks for set-user-id, set-group-id or sticky',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.SpecialMode,
    check: (entry) => `mode ${entry.mode.toString(8)}`,
  },
});
