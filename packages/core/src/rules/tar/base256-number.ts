import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/fields.ts'],
  id: 'base256-number',
  level: 'error',
  summary: 'A number in a tar header is in binary form, which some extractors do not read',
  advice: {
    forUsers:
      'Do not install it: some extractors cannot read the number. Ask its maintainers to repack it.',
    forPublishers:
      'Repack with a current packaging tool; a size below 8 GiB never needs this form.',
    elsewhere: {
      npm: {
        forUsers:
          'Do not install it: pnpm 10 and 11 cannot read the number. Ask its maintainers to repack it.',
        forPublishers: 'Repack with `npm pack`; a size below 8 GiB never needs this form.',
      },
    },
  },
};
