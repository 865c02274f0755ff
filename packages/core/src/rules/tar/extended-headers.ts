import type { ReaderRule } from '../rule.ts';
import { advice, readerRules } from '../table-rows.ts';

export const extendedHeaderRules: readonly ReaderRule[] = [
  ...readerRules({
    id: 'extended-header-malformed',
    level: 'error',
    summary:
      'An extended header is not as packaging tools write it, and extractors read it differently',
    advice: advice(
      'Do not install it: some extractors obey the header, others ignore it or fail, so they write files to different paths.',
      'Repack with a current packaging tool, in one format and without extended attributes (`tar --no-xattrs`); do not edit archives in place.',
      {
        rubygems: advice(
          'Do not install it: RubyGems reads no extended headers, and treats each as a file of its own.',
          'Build the gem with `gem build`, which writes no extended headers.',
        ),
      },
    ),
    problems: {
      'extended-header-repeated': 'An entry has the same extended header twice',
      'extended-header-orphan': 'An extended header belongs to no entry',
      'extended-header-oversized':
        'An extended header is larger than any real one, and some extractors ignore it',
      'extended-headers-mixed':
        'An entry has a GNU and a PAX header, and extractors do not agree which of them counts',
      'extended-header-padding': 'The padding of an extended header is not empty',
    },
    stopsAt: ['extended-header-oversized'],
  }),
  {
    id: 'gnu-long-name',
    level: 'error',
    elsewhere: {
      sdist: {
        level: 'note',
        why: 'Python 3.7 and older wrote paths of more than 100 bytes in this way, and every extractor that reads sdists understands it.',
      },
    },
    summary: 'The archive has a GNU long-name header, which some extractors do not read',
    advice: advice(
      'Do not install it: some extractors put such files at another path than others. Ask its maintainers to repack it.',
      'Pack with a current packaging tool, or with `tar --format=pax`.',
      {
        npm: advice(
          'Do not install it: pnpm 10 puts such files at another path than the others. Ask its maintainers to repack it.',
          'Pack with a package manager, or with `tar --format=pax`.',
        ),
        sdist: advice(
          'You need not do anything: every extractor that reads sdists takes it.',
          'You need not do anything; Python 3.8 and newer write long paths in another way.',
        ),
        rubygems: advice(
          'Do not install it: RubyGems treats the long name as a file of its own, and installs the next file under a shortened name.',
          'Build the gem with `gem build`, which writes no such header.',
        ),
      },
    ),
  },
];
