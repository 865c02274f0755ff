import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/entry-reader.ts', 'containers/tar/fields.ts'],
  id: 'tar-field-residue',
  level: 'error',
  summary: 'A tar header hides bytes behind the end of a string',
  advice: {
    forUsers:
      'Do not install it: bytes hide behind the end of a name, where no honest packer puts any. Report it to the registry.',
    forPublishers: 'Repack with a current packaging tool, which fills fields with NUL.',
  },
};
