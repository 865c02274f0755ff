import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/zip/extra-fields.ts'],
  id: 'zip-single-size',
  level: 'note',
  summary: 'The zip64 field before the data of a zip entry has one size instead of two',
  advice: {
    forUsers:
      'Nothing to do: most extractors take the size that is there, and strict ones stop with an error.',
  },
};
