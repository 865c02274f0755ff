import { defineRule, type Rule } from './define-rule.ts';

export const fileDirectoryConflict: Rule<'file-directory-conflict'> = defineRule({
  id: 'file-directory-conflict',
  level: 'error',
  summary: 'One path is a file for one entry and a folder for another',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
