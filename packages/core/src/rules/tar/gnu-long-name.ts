import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/extended.ts'],
  id: 'gnu-long-name',
  level: 'error',
  elsewhere: {
    sdist: {
      level: 'note',
      why: 'Python 3.7 and older packed so what has a path of more than 100 bytes, and every extractor that reads sdists takes it.',
    },
  },
  summary: 'A GNU long-name header, which some extractors do not read',
  advice: {
    forUsers:
      'Do not install it: pnpm 10 puts such files at another path than the others. Ask its maintainers to repack it.',
    forPublishers: 'Pack with a package manager, or with `tar --format=pax`.',
  },
};
