import type { TreeRule } from '../../../../rules/rule.ts';
import { quote } from '../../../../text/printable.ts';

export const gemFolderDeleted: TreeRule = {
  kind: 'tree',
  id: 'gem-folder-deleted',
  level: 'error',
  summary: 'An entry creates a folder that already exists, and RubyGems deletes that folder first',
  advice: {
    forUsers:
      'Do not install it: RubyGems deletes the folder and all files in it, so files are missing that other tools show.',
    forPublishers: 'Build the gem with `gem build`, which writes no entries for folders.',
  },
  check: (tree, report) => {
    for (const { kind, entry, key } of tree.files.clashes)
      if (kind === 'same-directory') report(quote(key), entry);
  },
};
