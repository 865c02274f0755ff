import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const noTopFolder: Rule<'no-top-folder'> = defineRule({
  id: 'no-top-folder',
  level: 'error',
  summary: 'An entry lies outside the package folder; part of the managers drop it',
  remedy:
    'Do not install it: npm, Yarn 4 and bun leave the entry out, pnpm installs it. As its publisher, pack a folder, not its content.',
  package: (contents, tell) => {
    const entry = contents.tops.get('');
    if (entry) tell(quote(entry.path), entry);
  },
});
