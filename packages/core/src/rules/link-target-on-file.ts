import { defineRule, type Rule } from './define-rule.ts';

export const linkTargetOnFile: Rule<'link-target-on-file'> = defineRule({
  id: 'link-target-on-file',
  level: 'error',
  summary: 'An entry that is no link has a link target, for which node-tar drops it',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
