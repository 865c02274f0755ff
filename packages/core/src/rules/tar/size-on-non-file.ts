import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/entry-reader.ts', 'containers/zip/types.ts'],
  id: 'size-on-non-file',
  level: 'error',
  summary: 'An entry that is not a file declares content, which extractors skip or read as headers',
  advice: {
    forUsers:
      'Do not install it: some extractors read the content of the entry as further files. Report it to the registry.',
    forPublishers:
      'Repack with a current packaging tool, which gives folders and links the size 0.',
  },
};
