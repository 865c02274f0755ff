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
      'Do not install it: some extractors put such files at another path than others. Ask its maintainers to repack it.',
    forPublishers: 'Pack with a current packaging tool, or with `tar --format=pax`.',
    elsewhere: {
      npm: {
        forUsers:
          'Do not install it: pnpm 10 puts such files at another path than the others. Ask its maintainers to repack it.',
        forPublishers: 'Pack with a package manager, or with `tar --format=pax`.',
      },
      sdist: {
        forUsers: 'Nothing needs doing: every extractor that reads sdists takes it.',
        forPublishers:
          'Nothing has to be done; Python 3.8 and newer write long paths in another way.',
      },
      rubygems: {
        forUsers:
          'Do not install it: RubyGems treats the long name as a file of its own, and installs the next file under a cut one.',
        forPublishers: 'Build the gem with `gem build`, which writes no such header.',
      },
    },
  },
};
