import type { ReaderRule } from '../rule.ts';
import { readerRule, STOPS, withCodes, type ProblemText } from '../table-rows.ts';
import { extendedHeaderRules } from './extended-headers.ts';

const ENTRY_READER = 'containers/tar/entry-reader.ts';
const FIELDS = 'containers/tar/fields.ts';
const READER = 'containers/tar/reader.ts';

const tarDamaged = withCodes({
  id: 'tar-damaged',
  level: 'error',
  summary: 'The tar archive is damaged or incomplete',
  advice: {
    forUsers:
      'Download it again. If it stays damaged, files are missing from the copy of the registry, or somebody changed it after packing: do not install it, and tell its maintainers.',
    forPublishers:
      'Look for what cut or changed the archive before it was compressed, repack with a current packaging tool, and publish a new version.',
  },
});

const tarHeaderAmbiguous = withCodes({
  id: 'tar-header-ambiguous',
  level: 'error',
  summary: 'A tar header has a field that extractors read differently',
  advice: {
    forUsers:
      'Do not install it: some extractors write the file to another path, leave it out or stop there. Ask its maintainers to repack it, and report hidden bytes to the registry.',
    forPublishers:
      'Repack with a current packaging tool, or with `tar --format=pax` and without `--incremental`; look for the script that wrote the header.',
    elsewhere: {
      rubygems: {
        forUsers:
          'Do not install it: RubyGems and other tools unpack different files from it. Ask its maintainers to build it again.',
        forPublishers: 'Build the gem with `gem build`, which writes headers of POSIX.',
      },
    },
  },
});

const oldTarHeader = withCodes({
  id: 'old-tar-header',
  level: 'warning',
  summary: 'A tar header has a form that only old programs write',
  advice: {
    forUsers: 'You need not do anything: installers read such a header alike.',
    forPublishers: 'Repack with a current packaging tool, which writes the magic and plain digits.',
  },
});

export const ambiguousSize: ProblemText = withCodes({
  id: 'ambiguous-size',
  level: 'error',
  summary: 'Extractors disagree about the size of an entry, and so where the next one starts',
  advice: {
    forUsers:
      'Do not install it, and report it to the registry: with one of the sizes, programs find files that are hidden with the other.',
    forPublishers:
      'Repack with a current packaging tool; look for the script that wrote the size. A PAX size is needed from 8 GiB on, and folders and links have the size 0.',
  },
});

const tarTrailing = withCodes({
  id: 'tar-trailing',
  level: 'error',
  summary: 'More than zeros follows the end-of-archive marker',
  advice: {
    forUsers:
      'Do not install it: tarwarden cannot inspect what follows, and some extractors install it.',
    forPublishers:
      'Pack once with a current packaging tool; do not join archives with `cat`, and append nothing.',
  },
});

/** For a file that some programs read as an archive of another format. */
export const otherFormat: ProblemText = withCodes({
  id: 'other-format',
  level: 'error',
  summary: 'Some programs read the file as an archive of another format',
  advice: {
    forUsers:
      'Do not install it, and report it to the registry: the file holds two packages, and which one you get depends on the program that unpacks it.',
    forPublishers:
      'Pack with the usual tool, and do not rename the file. Look for what begins or ends like another format: a zip among your test data that is stored as the last file, for example.',
  },
});

export const tarRules: readonly ReaderRule[] = [
  readerRule([ENTRY_READER], tarDamaged('tar-checksum', 'A tar header is damaged', STOPS)),
  readerRule(
    [ENTRY_READER],
    tarHeaderAmbiguous(
      'tar-signed-checksum',
      'A tar header has a checksum that was computed with signed bytes, and some extractors refuse it',
    ),
  ),
  readerRule(
    [ENTRY_READER, 'formats/sdist/read.ts'],
    otherFormat(
      'foreign-magic',
      'The tar begins with the magic number of another format, so some extractors read it as that format',
    ),
  ),
  readerRule(
    [FIELDS],
    tarHeaderAmbiguous(
      'tar-magic',
      'A tar header is of an unknown dialect, so extractors read its path prefix differently',
    ),
  ),
  readerRule([FIELDS], oldTarHeader('tar-blank-magic', 'A tar header has no magic')),
  readerRule(
    [ENTRY_READER],
    tarHeaderAmbiguous(
      'tar-prefix',
      'A tar header has bytes in the prefix field that only some extractors read as a path',
    ),
  ),
  readerRule(
    [ENTRY_READER, FIELDS],
    tarHeaderAmbiguous('tar-field-residue', 'A tar header hides bytes behind the end of a string'),
  ),
  readerRule(
    [FIELDS],
    tarHeaderAmbiguous('invalid-number', 'A number in a tar header cannot be read'),
  ),
  readerRule(
    [FIELDS],
    tarHeaderAmbiguous(
      'base256-number',
      'A number in a tar header is in binary form, which some extractors do not read',
    ),
  ),
  readerRule(
    [ENTRY_READER, FIELDS],
    oldTarHeader('padded-number', 'A number in a tar header starts with spaces'),
  ),
  readerRule(
    [FIELDS, 'containers/tar/pax.ts'],
    ambiguousSize(
      'invalid-size',
      'The size of an entry cannot be read for certain, so extractors disagree where the next one starts',
      STOPS,
    ),
  ),
  readerRule(
    [ENTRY_READER, 'containers/zip/types.ts'],
    ambiguousSize(
      'size-on-non-file',
      'An entry that is not a file declares content, which extractors skip or read as headers',
    ),
  ),
  readerRule(
    [FIELDS],
    tarHeaderAmbiguous(
      'link-target-on-file',
      'An entry that is not a link has a link target, so some extractors leave it out',
    ),
  ),
  readerRule([READER], tarDamaged('tar-truncated', 'The tar archive is cut short', STOPS)),
  readerRule(
    [READER],
    tarDamaged(
      'missing-end-marker',
      'The end-of-archive marker is missing, so a cut archive would look whole',
    ),
  ),
  readerRule(
    [READER],
    tarTrailing(
      'entries-after-end',
      'Entries follow the end-of-archive marker, which only some extractors read',
      STOPS,
    ),
  ),
  readerRule(
    [READER],
    tarTrailing('nonzero-tail', 'Bytes follow the end-of-archive marker', STOPS),
  ),
  readerRule([READER], {
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
