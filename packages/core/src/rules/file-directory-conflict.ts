import { defineRule, type Rule } from './define-rule.ts';

export const fileDirectoryConflict: Rule<'file-directory-conflict'> = defineRule({
  id: 'file-directory-conflict',
  level: 'error',
  summary: 'One path is a file for one entry and a folder for another',
  remedy:
    'Do not install it: which of the two is left depends on the manager, and some fail. As its publisher, rename the file or the folder.',
});
