import { quote } from '../../text/printable.ts';
import type { TreeRule, ReaderRule } from '../rule.ts';
import { advice } from '../table-rows.ts';
import { LinkWalk } from '../../tree/links.ts';
import { packagePath } from '../../tree/package-path.ts';

export const escapingLink: TreeRule = {
  kind: 'tree',
  id: 'escaping-link',
  level: 'error',
  summary: 'A link leads out of the package',
  advice: advice(
    'Do not install it: the link leads to files that do not belong to the package. If you need no links at all, set `links: reject` again.',
    'Link with relative targets inside the package, or ship files.',
    {
      pypi: advice(
        'Do not install it: the link leads to files that do not belong to the package. pip 22 to 23.2 creates the link, and later versions refuse the sdist.',
        'Link with relative targets inside the package, or ship files.',
      ),
    },
  ),
  check: (tree, report, context) => {
    if (!context.mayLink) return;
    const walk = new LinkWalk(tree.links);
    for (const link of tree.links.values()) {
      const reason = walk.escapeOf(link, packagePath(link.entry, false, tree.layout).top);
      if (reason !== undefined) report(`to ${quote(link.entry.linkpath)}: ${reason}`, link.entry);
    }
  },
};

export const writeThroughLink: ReaderRule = {
  id: 'write-through-link',
  level: 'error',
  summary: 'An entry would be written through a link of the archive',
  advice: advice(
    'Do not install it, and report it to the registry: an extractor that follows the link writes to the file that the link points to.',
    'Ship files instead of links.',
  ),
};

export const linksRules: readonly (ReaderRule | TreeRule)[] = [
  writeThroughLink,
  escapingLink,
  {
    kind: 'tree',
    id: 'bundled-link',
    level: 'error',
    summary: 'A bundled dependency contains a link',
    advice: advice(
      'Do not install it: a manager that writes into the bundled folder writes to the place that the link points to.',
      'Ship files instead of links in what you bundle.',
      {
        npm: advice(
          'Do not install it: a manager that writes into the bundled folder writes to the place that the link points to.',
          "Bundle dependencies that were installed with npm; pnpm's node_modules are made of links.",
        ),
      },
    ),
    check: (tree, report) => {
      for (const { entry, key } of tree.links.values()) {
        if (/(?:^|\/)node_modules(?:\/|$)/.test(key)) report(`to ${quote(entry.linkpath)}`, entry);
      }
    },
  },
];
