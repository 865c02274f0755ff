import { defineRule, type Rule } from './define-rule.ts';

export const manifestMissing: Rule<'manifest-missing'> = defineRule({
  id: 'manifest-missing',
  level: 'error',
  summary: 'The archive has no package.json',
  remedy:
    'Do not install it: nothing in the archive says which package it is, and npm and pnpm believe the registry instead. As its publisher, pack from the folder that holds package.json.',
  package: (contents, tell) => {
    if (contents.complete && contents.manifestEntries.length === 0)
      tell('no entry lands at package.json');
  },
});
