import { defineRule, type Rule } from './define-rule.ts';

export const manifestDuplicate: Rule<'manifest-duplicate'> = defineRule({
  id: 'manifest-duplicate',
  level: 'error',
  summary: 'The archive has more than one package.json with different content',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  package: (contents, tell) => {
    if (contents.manifestConflict)
      tell('managers keep a different one', contents.manifestEntries.at(-1));
  },
});
