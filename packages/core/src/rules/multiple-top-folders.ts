import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const multipleTopFolders: Rule<'multiple-top-folders'> = defineRule({
  id: 'multiple-top-folders',
  level: 'error',
  summary: 'The archive has more than one first folder; managers merge them into one package',
  remedy:
    'Do not install it: managers merge the folders, so that files of one replace those of the other. As its publisher, pack one folder.',
  package: (contents, tell) => {
    const tops = [...contents.tops].filter(([top]) => top !== '');
    for (const [top, entry] of tops.slice(1))
      tell(`${quote(top)} beside ${quote(tops[0]![0])}`, entry);
  },
});
