import { defineRule, type Rule } from './define-rule.ts';

export const manifestMissing: Rule<'manifest-missing'> = defineRule({
  id: 'manifest-missing',
  level: 'error',
  summary: 'The archive has no package.json',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  package: (contents, tell) => {
    if (contents.complete && contents.manifestEntries.length === 0)
      tell('no entry lands at package.json');
  },
});
