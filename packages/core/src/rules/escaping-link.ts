import { escapeOf } from '../package/links.ts';
import { packagePath } from '../package/package-path.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const escapingLink: Rule<'escaping-link'> = defineRule({
  id: 'escaping-link',
  level: 'error',
  summary: 'A link leads out of the package',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  package: (contents, tell, context) => {
    if (context.links !== 'contained') return;
    for (const link of contents.links.values()) {
      const why = escapeOf(link, contents.links, packagePath(link.entry, false).top);
      if (why !== undefined) tell(`to ${quote(link.entry.linkpath)}: ${why}`, link.entry);
    }
  },
});
