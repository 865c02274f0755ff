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
        'Fetch it again. Where it stays, a header was changed after packing, and some extractors leave its entry out without failing: do not install it, and tell its maintainers.',
      forPublishers: 'Pack with a current packaging tool; every one writes the right checksum.',
    },
  }),
  readerRule(['containers/tar/entry-reader.ts'], {
    id: 'tar-signed-checksum',
    level: 'error',
    summary: 'A tar header has the checksum of signed bytes, which some extractors refuse',
    advice: {
      forUsers: 'Do not install it: some extractors leave the entry out, others unpack it.',
      forPublishers:
        'Repack with a current packaging tool; only very old tar programs add up signed bytes.',
    },
  }),
  readerRule(['containers/tar/entry-reader.ts', 'formats/sdist/read.ts'], {
    id: 'foreign-magic',
    level: 'error',
    summary:
      'The tar begins with the magic number of another format, as which some extractors read it',
    advice: {
      forUsers:
        'Do not install it, and report it to the registry: it was made to hold two packages, and which one you get depends on who unpacks it.',
      forPublishers: 'Pack with the usual tool, or rename what the archive begins with.',
    },
  }),
  readerRule(['containers/tar/fields.ts'], {
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
  }),
  readerRule(['containers/tar/fields.ts'], {
    id: 'tar-blank-magic',
    level: 'warning',
    summary: 'A tar header has no magic',
    advice: {
      forUsers: 'Nothing needs doing: installers read such a header alike.',
      forPublishers: 'Repack with a current packaging tool, which writes the magic.',
    },
  }),
  readerRule(['containers/tar/entry-reader.ts'], {
    id: 'tar-prefix',
    level: 'error',
    summary: 'A tar header has bytes in the prefix field that only some extractors read as a path',
    advice: {
      forUsers:
        'Do not install it: some extractors put these bytes before the path, so that the file lands in two places.',
      forPublishers:
        'Pack without `--incremental`, with which GNU tar writes times into this field.',
      elsewhere: {
        npm: {
          forUsers:
            'Do not install it: with pnpm and Yarn classic the file lands at another path than with npm and Yarn 4.',
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
        'Do not install it: bytes hide behind the end of a name, where no honest packer puts any. Report it to the registry.',
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
      forUsers: 'Nothing needs doing: every extractor skips the spaces.',
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
        'Do not install it: what follows the entry is not inspected, and each extractor finds something else there. Report it to the registry.',
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
    summary: 'An entry that is not a link has a link target, for which some extractors drop it',
    advice: {
      forUsers:
        'Do not install it: some extractors leave the file out, others install it. Report it to the registry.',
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
        "Fetch it again. Where it stays short, files are missing from the registry's copy: do not install it, and tell its maintainers.",
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
        'Fetch it again. If it stays, compare its files with the repository of the package, and add an exception only where none is missing.',
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
        'Do not install it: what comes after the zeros is not inspected, and some extractors install it.',
      forPublishers: 'Pack once; do not join archives with `cat`.',
      elsewhere: {
        npm: {
          forUsers:
            'Do not install it: what comes after the zeros is not inspected, and Yarn classic installs it.',
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
      forUsers: 'Nothing needs doing: nobody unpacks the zeros.',
      forPublishers:
        'Pack again with a current packaging tool, or with tar and its ordinary blocking factor.',
      elsewhere: {
        npm: {
          forUsers:
            'Nothing needs doing, except with pnpm 12, which cannot install it: nobody unpacks the zeros.',
          forPublishers:
            'Pack again with `npm pack`, or with tar and its ordinary blocking factor.',
        },
      },
    },
  }),
  ...extendedHeaderRules,
];
