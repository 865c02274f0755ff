import type { ReaderRule } from '../rule.ts';
import { readerRule } from '../table-rows.ts';
import { extendedHeaderRules } from './extended-headers.ts';

export const tarRules: readonly ReaderRule[] = [
  readerRule(['containers/tar/entry-reader.ts'], {
    id: 'tar-checksum',
    level: 'error',
    stopsReading: true,
    summary: 'A tar header is damaged',
    advice: {
      forUsers:
        'Download it again. If the header is still damaged, somebody changed it after packing, and some extractors leave its entry out without an error: do not install it, and tell its maintainers.',
      forPublishers: 'Pack with a current packaging tool; every one writes the right checksum.',
    },
  }),
  readerRule(['containers/tar/entry-reader.ts'], {
    id: 'tar-signed-checksum',
    level: 'error',
    summary:
      'A tar header has a checksum that was computed with signed bytes, and some extractors refuse it',
    advice: {
      forUsers: 'Do not install it: some extractors leave the entry out and others unpack it.',
      forPublishers:
        'Repack with a current packaging tool; only very old tar programs add up signed bytes.',
    },
  }),
  readerRule(['containers/tar/entry-reader.ts', 'formats/sdist/read.ts'], {
    id: 'foreign-magic',
    level: 'error',
    summary:
      'The tar begins with the magic number of another format, so some extractors read it as that format',
    advice: {
      forUsers:
        'Do not install it, and report it to the registry: it was made to hold two packages, and which one you get depends on who unpacks it.',
      forPublishers: 'Pack with the usual tool, or rename what the archive begins with.',
    },
  }),
  readerRule(['containers/tar/fields.ts'], {
    id: 'tar-magic',
    level: 'error',
    summary:
      'A tar header is of an unknown dialect, so extractors read its path prefix differently',
    advice: {
      forUsers:
        'Do not install it: the paths of its files depend on the program that reads them. Ask its maintainers to repack it.',
      forPublishers: 'Pack with a current packaging tool, or with `tar --format=pax`.',
      elsewhere: {
        rubygems: {
          forUsers:
            'Do not install it: the paths of its files depend on the program that reads them. Ask its maintainers to repack it.',
          forPublishers: 'Build the gem with `gem build`, which writes the magic of POSIX.',
        },
      },
    },
  }),
  readerRule(['containers/tar/fields.ts'], {
    id: 'tar-blank-magic',
    level: 'warning',
    summary: 'A tar header has no magic',
    advice: {
      forUsers: 'You need not do anything: installers read such a header alike.',
      forPublishers: 'Repack with a current packaging tool, which writes the magic.',
    },
  }),
  readerRule(['containers/tar/entry-reader.ts'], {
    id: 'tar-prefix',
    level: 'error',
    summary: 'A tar header has bytes in the prefix field that only some extractors read as a path',
    advice: {
      forUsers:
        'Do not install it: some extractors put these bytes before the path, so the same file is written to different paths.',
      forPublishers:
        'Pack without `--incremental`, with which GNU tar writes times into this field.',
      elsewhere: {
        npm: {
          forUsers:
            'Do not install it: pnpm and Yarn classic write the file to another path than npm and Yarn 4.',
          forPublishers:
            'Pack without `--incremental`, with which GNU tar writes times into this field.',
        },
      },
    },
  }),
  readerRule(['containers/tar/entry-reader.ts', 'containers/tar/fields.ts'], {
    id: 'tar-field-residue',
    level: 'error',
    summary: 'A tar header hides bytes behind the end of a string',
    advice: {
      forUsers:
        'Do not install it: bytes are hidden after the end of a name, where no ordinary packaging tool writes any. Report it to the registry.',
      forPublishers: 'Repack with a current packaging tool, which fills fields with NUL.',
    },
  }),
  readerRule(['containers/tar/fields.ts'], {
    id: 'invalid-number',
    level: 'error',
    summary: 'A number in a tar header cannot be read',
    advice: {
      forUsers:
        'Do not install it: some extractors fail on such a header, and Python loses every file after it.',
      forPublishers:
        'Repack with a current packaging tool; look for the script that wrote the header.',
    },
  }),
  readerRule(['containers/tar/fields.ts'], {
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
  }),
  readerRule(['containers/tar/entry-reader.ts', 'containers/tar/fields.ts'], {
    id: 'padded-number',
    level: 'warning',
    summary: 'A number in a tar header starts with spaces',
    advice: {
      forUsers: 'You need not do anything: every extractor skips the spaces.',
      forPublishers: 'Repack with a current packaging tool, which writes digits only.',
    },
  }),
  readerRule(['containers/tar/fields.ts', 'containers/tar/pax.ts'], {
    id: 'invalid-size',
    level: 'error',
    stopsReading: true,
    summary:
      'The size of an entry cannot be read for certain, so extractors disagree where the next one starts',
    advice: {
      forUsers:
        'Do not install it: tarwarden cannot inspect the files after this entry, and extractors find different files there. Report it to the registry.',
      forPublishers:
        'Repack with a current packaging tool; look for the script that wrote the size.',
    },
  }),
  readerRule(['containers/tar/entry-reader.ts', 'containers/zip/types.ts'], {
    id: 'size-on-non-file',
    level: 'error',
    summary:
      'An entry that is not a file declares content, which extractors skip or read as headers',
    advice: {
      forUsers:
        'Do not install it: some extractors read the content of the entry as further files. Report it to the registry.',
      forPublishers:
        'Repack with a current packaging tool, which gives folders and links the size 0.',
    },
  }),
  readerRule(['containers/tar/fields.ts'], {
    id: 'link-target-on-file',
    level: 'error',
    summary: 'An entry that is not a link has a link target, so some extractors leave it out',
    advice: {
      forUsers:
        'Do not install it: some extractors leave the file out and others install it. Report it to the registry.',
      forPublishers: 'Repack with a current packaging tool, which leaves the field empty.',
      elsewhere: {
        npm: {
          forUsers:
            'Do not install it: npm and Yarn 4 leave the file out, pnpm and bun install it. Report it to the registry.',
          forPublishers: 'Repack with a current packaging tool, which leaves the field empty.',
        },
      },
    },
  }),
  readerRule(['containers/tar/reader.ts'], {
    id: 'tar-truncated',
    level: 'error',
    stopsReading: true,
    summary: 'The tar archive is cut short',
    advice: {
      forUsers:
        'Download it again. If it is still too short, files are missing from the copy of the registry: do not install it, and tell its maintainers.',
      forPublishers:
        'Look for what cut the archive before it was compressed, and publish a new version.',
    },
  }),
  readerRule(['containers/tar/reader.ts'], {
    id: 'missing-end-marker',
    level: 'error',
    summary: 'The end-of-archive marker is missing, so a cut archive would look whole',
    advice: {
      forUsers:
        'Download it again. If it stays, compare its files with the repository of the package, and allow it only if no file is missing.',
      forPublishers:
        'Repack with a current packaging tool, which ends the archive with two blocks of zeros.',
    },
  }),
  readerRule(['containers/tar/reader.ts'], {
    id: 'entries-after-end',
    level: 'error',
    stopsReading: true,
    summary: 'Entries follow the end-of-archive marker, which only some extractors read',
    advice: {
      forUsers:
        'Do not install it: tarwarden cannot inspect the entries after the zeros, and some extractors install them.',
      forPublishers: 'Pack once; do not join archives with `cat`.',
      elsewhere: {
        npm: {
          forUsers:
            'Do not install it: tarwarden cannot inspect the entries after the zeros, and Yarn classic installs them.',
          forPublishers: 'Pack once; do not join archives with `cat`.',
        },
      },
    },
  }),
  readerRule(['containers/tar/reader.ts'], {
    id: 'nonzero-tail',
    level: 'error',
    stopsReading: true,
    summary: 'Bytes follow the end-of-archive marker',
    advice: {
      forUsers: 'Do not install it before you know what the bytes are: they are not inspected.',
      forPublishers:
        'Repack with a current packaging tool, which ends the archive with zeros alone.',
    },
  }),
  readerRule(['containers/tar/reader.ts'], {
    id: 'long-zero-tail',
    level: 'warning',
    summary: 'More zeros follow the end-of-archive marker than some extractors take',
    advice: {
      forUsers: 'You need not do anything, because no program unpacks the zeros.',
      forPublishers:
        'Pack again with a current packaging tool, or with tar and its ordinary blocking factor.',
      elsewhere: {
        npm: {
          forUsers:
            'You need not do anything, because no program unpacks the zeros. Only pnpm 12 cannot install the package.',
          forPublishers:
            'Pack again with `npm pack`, or with tar and its ordinary blocking factor.',
        },
      },
    },
  }),
  ...extendedHeaderRules,
];
