import { quote } from '../../text/printable.ts';
import type { TreeRule } from '../rule.ts';

export const multipleTopFolders: TreeRule = {
  kind: 'tree',
  id: 'multiple-top-folders',
  level: 'error',
  summary: 'The archive has more than one first folder, and managers merge them into one package',
  advice: {
    forUsers:
      'Do not install it: managers merge the folders, so files of one folder replace files of the other.',
    forPublishers: 'Pack one folder.',
    elsewhere: {
      pypi: {
        forUsers:
          'Do not install it: pip does not find the project in such an archive, and other tools merge the folders.',
        forPublishers: 'Build the sdist with `python -m build --sdist`, which packs one folder.',
      },
    },
  },
  check: (tree, report) => {
    const tops = [...tree.tops].filter(([top]) => top !== '');
    for (const [top, entry] of tops.slice(1))
      report(`${quote(top)} beside ${quote(tops[0]![0])}`, entry);
  },
};
