import type { ReaderRule } from '../../../../rules/rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['formats/sdist/read.ts'],
  id: 'archive-type-mismatch',
  level: 'error',
  summary: 'The file is of another type than its name says, so installers read it differently',
  advice: {
    forUsers:
      'Do not install it: pip goes by what it finds in the file, uv by its name, and whoever looked at it may have seen another archive.',
    forPublishers: 'Build the sdist with `python -m build --sdist`, and do not rename it.',
  },
};
