import { quote } from '../../text/printable.ts';
import type { TreeRule } from '../rule.ts';

export const noTopFolder: TreeRule = {
  kind: 'tree',
  id: 'no-top-folder',
  level: 'error',
  summary: 'An entry is outside the package folder, and some managers leave it out',
  advice: {
    forUsers: 'Do not install it: npm, Yarn 4 and bun leave the entry out, and pnpm installs it.',
    forPublishers: 'Pack a folder, not its content.',
    elsewhere: {
      pypi: {
        forUsers: 'Do not install it: pip does not find the project in such an archive.',
        forPublishers: 'Build the sdist with `python -m build --sdist`, which packs one folder.',
      },
    },
  },
  check: (tree, report) => {
    const entry = tree.tops.get('');
    if (entry) report(quote(entry.path), entry);
  },
};
