import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/zip/reader.ts'],
  id: 'zip-data-descriptor',
  level: 'warning',
  summary: 'The sizes of a zip entry come behind its data',
  advice: {
    forUsers:
      'Nothing to do at once: the sizes are right, but programs that read the file from its start have to guess where an entry ends, so PyPI takes no such file today.',
  },
};
