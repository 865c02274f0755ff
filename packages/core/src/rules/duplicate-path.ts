import { defineRule, type Rule } from './define-rule.ts';

export const duplicatePath: Rule<'duplicate-path'> = defineRule({
  id: 'duplicate-path',
  level: 'error',
  summary:
    'Two entries with different content have the same path; managers install the last one, other tools may show the first',
  remedy:
    "Do not install it: the file that a registry's viewer or a scanner shows may be the first, and the one that is installed is the last. As its publisher, look for the file twice in what you pack; a build that writes while packing is a known cause.",
});
