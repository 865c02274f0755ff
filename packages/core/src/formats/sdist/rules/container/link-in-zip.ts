import type { ReaderRule } from '../../../../rules/rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['formats/sdist/read.ts'],
  id: 'link-in-zip',
  level: 'error',
  summary: 'An sdist that is a zip holds a link, which pip writes as a file',
  advice: {
    forUsers:
      'Do not install it: other programs make the link where pip writes a file with its target in it.',
    forPublishers: 'Build the sdist with `python -m build --sdist`, which makes a `.tar.gz`.',
  },
};
