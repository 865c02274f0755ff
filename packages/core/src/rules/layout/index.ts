import { quote } from '../../text/printable.ts';
import type { TreeRule } from '../rule.ts';
import { advice, withCodes } from '../table-rows.ts';

const outside = withCodes({
  id: 'outside-package-folder',
  level: 'error',
  summary: 'Not all entries are in one first folder',
  advice: advice(
    'Do not install it: managers merge the folders, so that files of one replace files of the other, or leave entries out.',
    'Pack one folder, not its content.',
    {
      pypi: advice(
        'Do not install it: pip does not find the project in such an archive.',
        'Build the sdist with `python -m build --sdist`, which packs one folder.',
      ),
    },
  ),
});

export const layoutRules: readonly TreeRule[] = [
  {
    ...outside(
      'multiple-top-folders',
      'The archive has more than one first folder, and managers merge them into one package',
    ),
    kind: 'tree',
    check: (tree, report) => {
      const tops = [...tree.tops].filter(([top]) => top !== '');
      for (const [top, entry] of tops.slice(1))
        report(`${quote(top)} beside ${quote(tops[0]![0])}`, entry);
    },
  },
  {
    ...outside(
      'no-top-folder',
      'An entry is outside the package folder, and some managers leave it out',
    ),
    kind: 'tree',
    check: (tree, report) => {
      const entry = tree.tops.get('');
      if (entry) report(quote(entry.path), entry);
    },
  },
];
