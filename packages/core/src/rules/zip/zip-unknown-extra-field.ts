import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/zip/extra-fields.ts'],
  id: 'zip-unknown-extra-field',
  level: 'note',
  summary: 'A zip entry has an extra field that is not known here',
  advice: {
    forUsers: 'Nothing to do: extractors pass over extra fields that they do not know.',
  },
};
