import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/reader.ts'],
  id: 'extended-header-padding',
  level: 'error',
  summary: 'The padding of an extended header is not empty',
  advice: {
    forUsers:
      'Do not install it: some extractors read a path, a link target or records there that others do not see.',
    forPublishers: 'Repack with a current packaging tool, which pads with zeros.',
  },
};
