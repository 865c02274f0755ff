import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/zip/extra-fields.ts'],
  id: 'zip-extra-field',
  level: 'error',
  summary: 'An extra field of a zip entry is broken, or makes something else of it',
  advice: {
    forUsers:
      'Do not use the file: by such a field some programs give the entry another name, size or type than others. Delete it, fetch it again, and find out who wrote it.',
  },
};
