import { quote } from '../../text/printable.ts';
import type { TreeRule } from '../rule.ts';

export const rule: TreeRule = {
  kind: 'tree',
  id: 'no-top-folder',
  level: 'error',
  summary: 'An entry lies outside the package folder; some managers drop it',
  advice: {
    forUsers: 'Do not install it: npm, Yarn 4 and bun leave the entry out, pnpm installs it.',
    forPublishers: 'Pack a folder, not its content.',
  },
  check: (tree, report) => {
    const entry = tree.tops.get('');
    if (entry) report(quote(entry.path), entry);
  },
};
