import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/fields.ts'],
  id: 'tar-magic',
  level: 'error',
  summary: 'A tar header is of an unknown dialect, so its path prefix is read differently',
  advice: {
    forUsers:
      'Do not install it: its paths depend on who reads them. Ask its maintainers to repack it.',
    forPublishers: 'Pack with a current packaging tool, or with `tar --format=pax`.',
    elsewhere: {
      rubygems: {
        forUsers:
          'Do not install it: its paths depend on who reads them. Ask its maintainers to repack it.',
        forPublishers: 'Build the gem with `gem build`, which writes the magic of POSIX.',
      },
    },
  },
};
