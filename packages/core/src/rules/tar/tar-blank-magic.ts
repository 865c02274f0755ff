import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/fields.ts'],
  id: 'tar-blank-magic',
  level: 'warning',
  summary: 'A tar header has no magic',
  advice: {
    forUsers: 'Nothing needs doing: installers read such a header alike.',
    forPublishers: 'Repack with a current packaging tool, which writes the magic.',
  },
};
