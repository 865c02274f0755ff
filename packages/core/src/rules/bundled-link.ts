import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const bundledLink: Rule<'bundled-link'> = defineRule({
  id: 'bundled-link',
  level: 'error',
  summary: 'A bundled dependency holds a link',
  remedy:
    "Do not install it: a manager that writes into the bundled folder writes where the link leads. As its publisher, bundle dependencies that were installed with npm; pnpm's node_modules are made of links.",
  package: (contents, tell) => {
    for (const { entry, key } of contents.links.values()) {
      if (/(?:^|\/)node_modules(?:\/|$)/.test(key)) tell(`to ${quote(entry.linkpath)}`, entry);
    }
  },
});
