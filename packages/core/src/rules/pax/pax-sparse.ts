import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/pax.ts'],
  id: 'pax-sparse',
  level: 'error',
  summary:
    'A PAX header describes a sparse file, whose content and name only some extractors restore',
  advice: {
    forUsers:
      'Do not install it: GNU tar and Python give the file another content, and perhaps another name, than other extractors do.',
    forPublishers: 'Do not pack with `--sparse`.',
  },
};
