import { quote } from '../../text/printable.ts';
import type { TreeRule } from '../rule.ts';

export const bundledLink: TreeRule = {
  kind: 'tree',
  id: 'bundled-link',
  level: 'error',
  summary: 'A bundled dependency contains a link',
  advice: {
    forUsers:
      'Do not install it: a manager that writes into the bundled folder writes to the place that the link points to.',
    forPublishers: 'Ship files instead of links in what you bundle.',
    elsewhere: {
      npm: {
        forUsers:
          'Do not install it: a manager that writes into the bundled folder writes to the place that the link points to.',
        forPublishers:
          "Bundle dependencies that were installed with npm; pnpm's node_modules are made of links.",
      },
    },
  },
  check: (tree, report) => {
    for (const { entry, key } of tree.links.values()) {
      if (/(?:^|\/)node_modules(?:\/|$)/.test(key)) report(`to ${quote(entry.linkpath)}`, entry);
    }
  },
};
