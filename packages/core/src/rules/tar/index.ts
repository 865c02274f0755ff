import type { ReaderRule } from '../rule.ts';
import { advice, readerRules, STOPS, withCodes, type ProblemText } from '../table-rows.ts';

export const ambiguousSize: ProblemText = withCodes({
  id: 'ambiguous-size',
  level: 'error',
  summary: 'Extractors disagree about the size of an entry, and so where the next one starts',
  advice: advice(
    'Do not install it, and report it to the registry: with one of the sizes, programs find files that are hidden with the other.',
    'Repack with a current packaging tool; look for the script that wrote the size. A PAX size is needed from 8 GiB on, and folders and links have the size 0.',
  ),
});

/** For a file that some programs read as an archive of another format. */
export const otherFormat: ProblemText = withCodes({
  id: 'other-format',
  level: 'error',
  summary: 'Some programs read the file as an archive of another format',
  advice: advice(
    'Do not install it, and report it to the registry: the file holds two packages, and which one you get depends on the program that unpacks it.',
    'Pack with the usual tool, and do not rename the file. Look for what begins or ends like another format: a zip among your test data that is stored as the last file, for example.',
  ),
});

export const tarRules: readonly ReaderRule[] = [
  ...readerRules({
    id: 'tar-damaged',
    level: 'error',
    summary: 'The tar archive is damaged or incomplete',
    advice: advice(
      'Download it again. If it stays damaged, files are missing from the copy of the registry, or somebody changed it after packing: do not install it, and tell its maintainers.',
      'Look for what cut or changed the archive before it was compressed, repack with a current packaging tool, and publish a new version.',
    ),
    problems: {
      'tar-checksum': 'A tar header is damaged',
      'tar-truncated': 'The tar archive is cut short',
      'missing-end-marker':
        'The end-of-archive marker is missing, so a cut archive would look whole',
    },
    stopsAt: ['tar-checksum', 'tar-truncated'],
  }),
  ...readerRules({
    id: 'tar-header-ambiguous',
    level: 'error',
    summary: 'A tar header has a field that extractors read differently',
    advice: advice(
      'Do not install it: some extractors write the file to another path, leave it out or stop there. Ask its maintainers to repack it, and report hidden bytes to the registry.',
      'Repack with a current packaging tool, or with `tar --format=pax` and without `--incremental`; look for the script that wrote the header.',
      {
        rubygems: advice(
          'Do not install it: RubyGems and other tools unpack different files from it. Ask its maintainers to build it again.',
          'Build the gem with `gem build`, which writes headers of POSIX.',
        ),
      },
    ),
    problems: {
      'tar-signed-checksum':
        'A tar header has a checksum that was computed with signed bytes, and some extractors refuse it',
      'tar-magic':
        'A tar header is of an unknown dialect, so extractors read its path prefix differently',
      'tar-prefix':
        'A tar header has bytes in the prefix field that only some extractors read as a path',
      'tar-field-residue': 'A tar header hides bytes behind the end of a string',
      'invalid-number': 'A number in a tar header cannot be read',
      'base256-number':
        'A number in a tar header is in binary form, which some extractors do not read',
      'link-target-on-file':
        'An entry that is not a link has a link target, so some extractors leave it out',
    },
  }),
  otherFormat(
    'foreign-magic',
    'The tar begins with the magic number of another format, so some extractors read it as that format',
  ),
  ...readerRules({
    id: 'old-tar-header',
    level: 'warning',
    summary: 'A tar header has a form that only old programs write',
    advice: advice(
      'You need not do anything: installers read such a header alike.',
      'Repack with a current packaging tool, which writes the magic and plain digits.',
    ),
    problems: {
      'tar-blank-magic': 'A tar header has no magic',
      'padded-number': 'A number in a tar header starts with spaces',
    },
  }),
  ambiguousSize(
    'invalid-size',
    'The size of an entry cannot be read for certain, so extractors disagree where the next one starts',
    STOPS,
  ),
  ambiguousSize(
    'size-on-non-file',
    'An entry that is not a file declares content, which extractors skip or read as headers',
  ),
  ...readerRules({
    id: 'tar-trailing',
    level: 'error',
    summary: 'More than zeros follows the end-of-archive marker',
    advice: advice(
      'Do not install it: tarwarden cannot inspect what follows, and some extractors install it.',
      'Pack once with a current packaging tool; do not join archives with `cat`, and append nothing.',
    ),
    problems: {
      'entries-after-end':
        'Entries follow the end-of-archive marker, which only some extractors read',
      'nonzero-tail': 'Bytes follow the end-of-archive marker',
    },
    stopsAt: ['entries-after-end', 'nonzero-tail'],
  }),
  {
    id: 'long-zero-tail',
    level: 'warning',
    summary: 'More zeros follow the end-of-archive marker than some extractors take',
    advice: advice(
      'You need not do anything, because no program unpacks the zeros.',
      'Pack again with a current packaging tool, or with tar and its ordinary blocking factor.',
      {
        npm: advice(
          'You need not do anything, because no program unpacks the zeros. Only pnpm 12 cannot install the package.',
          'Pack again with `npm pack`, or with tar and its ordinary blocking factor.',
        ),
      },
    ),
  },
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
        reason:
          'Python 3.7 and older wrote paths of more than 100 bytes in this way, and every extractor that reads sdists understands it.',
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
