import { defineRule, type Rule } from './define-rule.ts';

export const manifestDuplicate: Rule<'manifest-duplicate'> = defineRule({
  id: 'manifest-duplicate',
  level: 'error',
  summary: 'The archive has more than one package.json with different content',
  remedy:
    'Do not install it: managers run the last package.json, whoever reviewed it may have read the first. As its publisher, pack anew; one of the two is a leftover.',
  package: (contents, tell) => {
    if (contents.manifestConflict)
      tell('managers take the last one', contents.manifestEntries.at(-1));
  },
});
