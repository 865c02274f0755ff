import { LinkWalk } from '../package/links.ts';
import { packagePath } from '../package/package-path.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const escapingLink: Rule<'escaping-link'> = defineRule({
  id: 'escaping-link',
  level: 'error',
  summary: 'A link leads out of the package',
  remedy:
    "Do not install it: the link leads to files that are not the package's. If you need no links at all, go back to `links: reject`. As its publisher, link with relative targets inside of the package, or ship files.",
  package: (contents, tell, context) => {
    if (context.links !== 'contained') return;
    const walk = new LinkWalk(contents.links);
    for (const link of contents.links.values()) {
      const why = walk.escapeOf(link, packagePath(link.entry, false).top);
      if (why !== undefined) tell(`to ${quote(link.entry.linkpath)}: ${why}`, link.entry);
    }
  },
});
