import type { ReaderRule } from '../rule.ts';
import { readerRule } from '../table-rows.ts';

export const paxRules: readonly ReaderRule[] = [
  readerRule(['containers/tar/extended.ts', 'containers/tar/pax.ts'], {
    id: 'pax-malformed',
    level: 'error',
    stopsReading: true,
    summary: 'A PAX header is not well formed',
    advice: {
      forUsers:
        'Do not install it: programs that repair or skip the broken header see other files than programs that obey it.',
      forPublishers:
        'Repack with a current packaging tool; a script of your own must count the length of a record in bytes, itself included.',
    },
  }),
  readerRule(['containers/tar/pax.ts'], {
    id: 'pax-value-newline',
    level: 'error',
    summary:
      'A PAX record contains a line feed, and some extractors read a further record after it',
    advice: {
      forUsers:
        'Do not install it: some extractors read what follows the line feed as a record of its own, and install another path.',
      forPublishers: 'Remove the line feed, mostly from a file name or a comment, and pack again.',
      elsewhere: {
        npm: {
          forUsers:
            'Do not install it: npm, pnpm 12 and Yarn 4 read what follows the line feed as a record of its own, and install another path.',
          forPublishers:
            'Remove the line feed, mostly from a file name or a comment, and pack again.',
        },
      },
    },
  }),
  readerRule(['containers/tar/pax.ts'], {
    id: 'pax-repeated-key',
    level: 'error',
    summary: 'A PAX header gives a key twice',
    advice: {
      forUsers:
        'Do not install it: which of the two values counts depends on the program that reads it.',
      forPublishers: 'Write each key once, as packaging tools do.',
    },
  }),
  readerRule(['containers/tar/entry-reader.ts'], {
    id: 'pax-size-mismatch',
    level: 'error',
    summary:
      'The PAX size of an entry differs from its header, so extractors disagree where the next entry starts',
    advice: {
      forUsers:
        'Do not install it, and report it to the registry: with one of the two sizes, programs find files that are hidden with the other.',
      forPublishers:
        'Repack with a current packaging tool; a PAX size is needed from 8 GiB on, which no package reaches.',
    },
  }),
  readerRule(['containers/tar/entry-reader.ts'], {
    id: 'pax-path-mismatch',
    level: 'error',
    summary:
      'The PAX path of an entry differs from its header, so extractors unpack it to different places',
    advice: {
      forUsers:
        'Do not install it: a program that does not know PAX writes the file to another path.',
      forPublishers:
        'Repack with a current packaging tool, which writes the beginning of the same path into the header.',
    },
  }),
  readerRule(['containers/tar/fields.ts'], {
    id: 'pax-linkpath-mismatch',
    level: 'error',
    summary: 'A PAX link target differs from the header, or belongs to an entry that is not a link',
    advice: {
      forUsers: 'Do not install it: where the link leads depends on the program that reads it.',
      forPublishers: 'Ship files instead of links.',
    },
  }),
  readerRule(['containers/tar/extended.ts'], {
    id: 'pax-global-override',
    level: 'error',
    summary: 'A global PAX header changes all later entries, which some extractors ignore',
    advice: {
      forUsers:
        'Do not install it: one header changes every file after it, and not every extractor obeys.',
      forPublishers:
        'Pack with a packaging tool, or without `--pax-option`; a comment, as `git archive` writes it, times and owners may stay.',
    },
  }),
  readerRule(['containers/tar/pax.ts'], {
    id: 'pax-charset',
    level: 'error',
    summary: 'A PAX header changes the character set of paths',
    advice: {
      forUsers:
        'Do not install it: programs that obey it give other names to files whose names are not plain ASCII.',
      forPublishers: 'Use UTF-8 for file names, and pack again.',
    },
  }),
  readerRule(['containers/tar/pax.ts'], {
    id: 'pax-sparse',
    level: 'error',
    summary:
      'A PAX header describes a sparse file, whose content and name only some extractors restore',
    advice: {
      forUsers:
        'Do not install it: GNU tar and Python give the file another content, and perhaps another name, than other extractors do.',
      forPublishers: 'Do not pack with `--sparse`.',
    },
  }),
];
