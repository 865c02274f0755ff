import type { ReaderRule } from '../rule.ts';
import { readerRule } from '../table-rows.ts';

export const extendedHeaderRules: readonly ReaderRule[] = [
  readerRule(['containers/tar/extended.ts'], {
    id: 'extended-header-repeated',
    level: 'error',
    summary: 'An entry has the same extended header twice',
    advice: {
      forUsers:
        'Do not install it: some extractors fail, and the others do not agree which of the two headers counts.',
      forPublishers: 'Write one extended header for each entry.',
      elsewhere: {
        npm: {
          forUsers:
            'Do not install it: pnpm 12 and bun fail, and the others do not agree which of the two headers counts.',
          forPublishers: 'Write one extended header for each entry, as `npm pack` does.',
        },
        rubygems: {
          forUsers:
            'Do not install it: RubyGems reads no extended headers, and treats each as a file of its own.',
          forPublishers: 'Build the gem with `gem build`, which writes no extended headers.',
        },
      },
    },
  }),
  readerRule(['containers/tar/extended.ts'], {
    id: 'extended-header-orphan',
    level: 'error',
    summary: 'An extended header belongs to no entry',
    advice: {
      forUsers:
        'Do not install it: somebody removed an entry from the archive, or wants programs to give one entry two paths.',
      forPublishers: 'Repack with a current packaging tool; do not edit archives in place.',
    },
  }),
  readerRule(['containers/tar/extended.ts'], {
    id: 'extended-header-oversized',
    level: 'error',
    stopsReading: true,
    summary: 'An extended header is larger than any real one, and some extractors ignore it',
    advice: {
      forUsers: 'Do not install it: some extractors ignore such a large header and others obey it.',
      forPublishers:
        'Repack with a current packaging tool, without extended attributes (`tar --no-xattrs`).',
      elsewhere: {
        npm: {
          forUsers:
            'Do not install it: npm and Yarn ignore such a header above 1 MiB, other readers obey it.',
          forPublishers:
            'Repack with a current packaging tool, without extended attributes (`tar --no-xattrs`).',
        },
      },
    },
  }),
  readerRule(['containers/tar/extended.ts'], {
    id: 'gnu-long-name',
    level: 'error',
    elsewhere: {
      sdist: {
        level: 'note',
        why: 'Python 3.7 and older wrote paths of more than 100 bytes in this way, and every extractor that reads sdists understands it.',
      },
    },
    summary: 'The archive has a GNU long-name header, which some extractors do not read',
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
          forUsers: 'You need not do anything: every extractor that reads sdists takes it.',
          forPublishers:
            'You need not do anything; Python 3.8 and newer write long paths in another way.',
        },
        rubygems: {
          forUsers:
            'Do not install it: RubyGems treats the long name as a file of its own, and installs the next file under a shortened name.',
          forPublishers: 'Build the gem with `gem build`, which writes no such header.',
        },
      },
    },
  }),
  readerRule(['containers/tar/extended.ts'], {
    id: 'extended-headers-mixed',
    level: 'error',
    summary:
      'An entry has a GNU and a PAX header, and extractors do not agree which of them counts',
    advice: {
      forUsers:
        'Do not install it: no ordinary program writes such an archive, and extractors write the file to different paths.',
      forPublishers: 'Pack with one program, in one format.',
    },
  }),
  readerRule(['containers/tar/reader.ts'], {
    id: 'extended-header-padding',
    level: 'error',
    summary: 'The padding of an extended header is not empty',
    advice: {
      forUsers:
        'Do not install it: some extractors read a path, a link target or records there that others do not see.',
      forPublishers: 'Repack with a current packaging tool, which pads with zeros.',
    },
  }),
];
