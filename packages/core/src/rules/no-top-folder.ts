import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const noTopFolder: Rule<'no-top-folder'> = defineRule({
  id: 'no-top-folder',
  level: 'error',
  summary: 'An entry lies outside the package folder; part of the managers drop it',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  package: (contents, tell) => {
    const entry = contents.tops.get('');
    if (entry) tell(quote(entry.path), entry);
  },
});
