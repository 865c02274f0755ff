import { LinkWalk } from '../../tree/links.ts';
import { packagePath } from '../../tree/package-path.ts';
import { quote } from '../../text/printable.ts';
import type { TreeRule } from '../rule.ts';

export const escapingLink: TreeRule = {
  kind: 'tree',
  id: 'escaping-link',
  level: 'error',
  summary: 'A link leads out of the package',
  advice: {
    forUsers:
      'Do not install it: the link leads to files that do not belong to the package. If you need no links at all, set `links: reject` again.',
    forPublishers: 'Link with relative targets inside the package, or ship files.',
    elsewhere: {
      pypi: {
        forUsers:
          'Do not install it: the link leads to files that do not belong to the package. pip 22 to 23.2 creates the link, and later versions refuse the sdist.',
        forPublishers: 'Link with relative targets inside the package, or ship files.',
      },
    },
  },
  check: (tree, report, context) => {
    if (!context.mayLink) return;
    const walk = new LinkWalk(tree.links);
    for (const link of tree.links.values()) {
      const why = walk.escapeOf(link, packagePath(link.entry, false, tree.layout).top);
      if (why !== undefined) report(`to ${quote(link.entry.linkpath)}: ${why}`, link.entry);
    }
  },
};
