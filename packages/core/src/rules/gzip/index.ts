import type { ReaderRule } from '../rule.ts';
import { advice, readerRules, STOPS, withCodes, type ProblemText } from '../table-rows.ts';

/** The advice differs with the format that the file should have. */
export const unreadableFormat: ProblemText = withCodes({
  id: 'unreadable-format',
  level: 'error',
  summary: 'The file is not an archive of a kind that can be read',
  advice: advice(
    'Look at the first bytes of the file: an HTML page means that a proxy or a login is between you and the registry. Solve that and download the file again. Do not install this file.',
    'Build it with the packaging tool of your ecosystem, and publish what that makes.',
    {
      npm: advice(
        'Look at the first bytes of the file: an HTML page means that a proxy or a login is between you and the registry. Solve that and download the file again. Do not install this file.',
        'Publish with `npm pack`, `pnpm pack` or `yarn pack`: a gzipped tar is the one format that every manager takes.',
      ),
      pypi: advice(
        'Look at the first bytes of the file: an HTML page means that a proxy or a login is between you and the index. Solve that and download the file again. Do not install this file.',
        'Build with `python -m build`, and upload what it makes.',
      ),
    },
  ),
});

export const gzipRules: readonly ReaderRule[] = [
  unreadableFormat('unrecognised-format', 'The file is neither a gzip nor a tar archive', STOPS),
  {
    id: 'uncompressed-archive',
    level: 'error',
    summary: 'The archive is a tar without gzip, which no registry serves and some tools refuse',
    advice: advice(
      'Ask where the file comes from: registries serve only gzip.',
      'Run `gzip` over it, or pack with a package manager.',
      {
        pypi: advice(
          'Ask where the file comes from: PyPI accepts only a `.tar.gz` or a zip.',
          'Build the sdist with `python -m build --sdist`.',
        ),
        rubygems: advice(
          'Ask where the file comes from: `gem build` compresses every file of a gem.',
          'Build the gem with `gem build`.',
        ),
      },
    ),
  },
  {
    id: 'gzip-header',
    level: 'error',
    summary: 'The gzip header has fields that decompressors treat differently',
    advice: advice(
      'Do not install it: no package tool writes such a header. Ask its maintainers how the file was made.',
      'Pack with the usual tool, or compress with plain `gzip`.',
    ),
  },
  {
    id: 'gzip-optional-header',
    level: 'warning',
    elsewhere: { sdist: { level: 'note', reason: "Python's gzip writes the name of the file." } },
    summary: 'The gzip header has optional fields',
    advice: advice(
      'You need not do anything: every decompressor skips these fields alike.',
      'Pack with a current packaging tool; the field is then gone.',
      {
        sdist: advice(
          'You need not do anything: Python writes the name of the file there, and every decompressor skips it.',
          'You need not do anything: PyPI and all installers take it.',
        ),
      },
    ),
  },
  ...readerRules({
    id: 'gzip-damaged',
    level: 'error',
    summary: 'The gzip file is damaged or incomplete',
    advice: advice(
      'Download it again. If you get the same bytes again, the copy of the registry is damaged or crafted: do not install it, and tell its maintainers.',
      'Compare the size on the registry with that of your file, pack it again, and publish a new version: a registry never changes an upload.',
    ),
    problems: {
      'gzip-corrupt': 'The compressed data is damaged',
      'gzip-truncated': 'The gzip file is cut short',
      'gzip-checksum': 'The gzip checksum is wrong',
      'gzip-length': 'The gzip length is wrong',
    },
    stopsAt: ['gzip-corrupt', 'gzip-truncated'],
  }),
  ...readerRules({
    id: 'gzip-trailing',
    level: 'error',
    summary: 'More follows the end of the gzip data',
    advice: advice(
      'Do not install it: tarwarden cannot inspect what follows, and some extractors unpack it. Ask its maintainers for a clean upload.',
      'Compress once: `tar | gzip`, not `cat a.gz b.gz`, nor a compressor that writes independent blocks (bgzip). A signing tool or a broken proxy may have appended bytes.',
    ),
    problems: {
      'gzip-second-member':
        'A second gzip member follows the first, which only some extractors read',
      'gzip-trailing-bytes': 'Bytes follow the end of the gzip data',
    },
    stopsAt: ['gzip-second-member'],
  }),
];
