import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const bundledLink: Rule<'bundled-link'> = defineRule({
  id: 'bundled-link',
  level: 'error',
  summary: 'A bundled dependency holds a link',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  package: (contents, tell) => {
    for (const { entry, key } of contents.links.values()) {
      if (/(?:^|\/)node_modules(?:\/|$)/.test(key)) tell(`to ${quote(entry.linkpath)}`, entry);
    }
  },
});
