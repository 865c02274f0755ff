import type { ReaderRule } from '../rule.ts';
import { readerRule } from '../table-rows.ts';

export const gzipRules: readonly ReaderRule[] = [
  readerRule(['formats/npm-tarball/read.ts'], {
    id: 'unrecognised-format',
    level: 'error',
    stopsReading: true,
    summary: 'The file is neither a gzip nor a tar archive',
    advice: {
      forUsers:
        'Look at the first bytes of the file: an HTML page means that a proxy or a login is between you and the registry. Solve that and download the file again. Do not install this file.',
      forPublishers:
        'Build it with the packaging tool of your ecosystem, and publish what that makes.',
      elsewhere: {
        npm: {
          forUsers:
            'Look at the first bytes of the file: an HTML page means that a proxy or a login is between you and the registry. Solve that and download the file again. Do not install this file.',
          forPublishers:
            'Publish with `npm pack`, `pnpm pack` or `yarn pack`: a gzipped tar is the one format that every manager takes.',
        },
        pypi: {
          forUsers:
            'Look at the first bytes of the file: an HTML page means that a proxy or a login is between you and the index. Solve that and download the file again. Do not install this file.',
          forPublishers: 'Build with `python -m build`, and upload what it makes.',
        },
      },
    },
  }),
  readerRule(['formats/npm-tarball/read.ts'], {
    id: 'uncompressed-archive',
    level: 'error',
    summary: 'The archive is a tar without gzip, which no registry serves and some tools refuse',
    advice: {
      forUsers: 'Ask where the file comes from: registries serve only gzip.',
      forPublishers: 'Run `gzip` over it, or pack with a package manager.',
      elsewhere: {
        pypi: {
          forUsers: 'Ask where the file comes from: PyPI accepts only a `.tar.gz` or a zip.',
          forPublishers: 'Build the sdist with `python -m build --sdist`.',
        },
        rubygems: {
          forUsers: 'Ask where the file comes from: `gem build` compresses every file of a gem.',
          forPublishers: 'Build the gem with `gem build`.',
        },
      },
    },
  }),
  readerRule(['containers/gzip/gunzip.ts'], {
    id: 'gzip-header',
    level: 'error',
    summary: 'The gzip header has fields that decompressors treat differently',
    advice: {
      forUsers:
        'Do not install it: no package tool writes such a header. Ask its maintainers how the file was made.',
      forPublishers: 'Pack with the usual tool, or compress with plain `gzip`.',
    },
  }),
  readerRule(['containers/gzip/gunzip.ts'], {
    id: 'gzip-optional-header',
    level: 'warning',
    elsewhere: { sdist: { level: 'note', why: "Python's gzip writes the name of the file." } },
    summary: 'The gzip header has optional fields',
    advice: {
      forUsers: 'You need not do anything: every decompressor skips these fields alike.',
      forPublishers: 'Pack with a current packaging tool; the field is then gone.',
      elsewhere: {
        sdist: {
          forUsers:
            'You need not do anything: Python writes the name of the file there, and every decompressor skips it.',
          forPublishers: 'You need not do anything: PyPI and all installers take it.',
        },
      },
    },
  }),
  readerRule(['containers/gzip/gunzip.ts'], {
    id: 'gzip-corrupt',
    level: 'error',
    stopsReading: true,
    summary: 'The compressed data is damaged',
    advice: {
      forUsers:
        'Download it again. If you get the same bytes again, the copy of the registry is damaged or crafted: do not install it, and tell its maintainers.',
      forPublishers:
        'Publish it again under a new version, because a registry never changes an upload.',
    },
  }),
  readerRule(['containers/gzip/gunzip.ts'], {
    id: 'gzip-truncated',
    level: 'error',
    stopsReading: true,
    summary: 'The gzip file is cut short',
    advice: {
      forUsers:
        'Download it again: an interrupted download looks like this. If it is still too short, the copy of the registry is incomplete: do not install it, and tell its maintainers.',
      forPublishers:
        'Compare the size on the registry with that of your file, and publish a new version.',
    },
  }),
  readerRule(['containers/gzip/gunzip.ts'], {
    id: 'gzip-checksum',
    level: 'error',
    summary: 'The gzip checksum is wrong',
    advice: {
      forUsers:
        'Download it again. If the checksum is still wrong, the bytes were changed after they were packed: do not install it, and tell its maintainers.',
      forPublishers: 'Pack it again: every tool writes the right checksum.',
    },
  }),
  readerRule(['containers/gzip/gunzip.ts'], {
    id: 'gzip-length',
    level: 'error',
    summary: 'The gzip length is wrong',
    advice: {
      forUsers:
        'Download it again. If the length is still wrong, the file is damaged or crafted: do not install it, and tell its maintainers.',
      forPublishers: 'Pack it again: every tool writes the right length.',
    },
  }),
  readerRule(['containers/gzip/gunzip.ts'], {
    id: 'gzip-second-member',
    level: 'error',
    stopsReading: true,
    summary: 'A second gzip member follows the first, which only some extractors read',
    advice: {
      forUsers:
        'Do not install it: tarwarden cannot inspect the second part, and some extractors unpack it.',
      forPublishers:
        'Compress once: `tar | gzip`, not `cat a.gz b.gz`, nor a compressor that writes independent blocks (bgzip).',
    },
  }),
  readerRule(['containers/gzip/gunzip.ts'], {
    id: 'gzip-trailing-bytes',
    level: 'error',
    summary: 'Bytes follow the end of the gzip data',
    advice: {
      forUsers:
        'Do not install it before you know what the bytes are; ask its maintainers for a clean upload.',
      forPublishers:
        'Look for what appended them, such as a signing tool or a broken proxy, and publish a new version.',
    },
  }),
];
