import { defineRule, type Rule } from './define-rule.ts';

export const linkTargetOnFile: Rule<'link-target-on-file'> = defineRule({
  id: 'link-target-on-file',
  level: 'error',
  summary: 'An entry that is no link has a link target, for which node-tar drops it',
  remedy:
    'Do not install it: npm and Yarn 4 leave the file out, pnpm and bun install it. Report it to the registry. As its publisher, repack with a current client, which leaves the field empty.',
});
