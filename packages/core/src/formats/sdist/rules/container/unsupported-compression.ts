import type { ReaderRule } from '../../../../rules/rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['formats/sdist/read.ts'],
  id: 'unsupported-compression',
  level: 'error',
  stopsReading: true,
  summary: 'The archive is compressed in a way that PyPI does not take, so it was not read',
  advice: {
    forUsers:
      'Install a wheel, or an sdist that ends in `.tar.gz`; PyPI takes nothing else but `.zip`. To build from this one all the same, unpack it yourself, look at it, and give pip the folder.',
    forPublishers: 'Build the sdist with `python -m build --sdist`, which makes a `.tar.gz`.',
  },
};
