import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['formats/npm-tarball/read.ts'],
  id: 'uncompressed-archive',
  level: 'error',
  summary: 'The archive is a tar without gzip, which no registry hands out and some tools refuse',
  advice: {
    forUsers: 'Ask where the file comes from: registries hand out gzip only.',
    forPublishers: 'Run `gzip` over it, or pack with a package manager.',
    elsewhere: {
      pypi: {
        forUsers: 'Ask where the file comes from: PyPI takes a `.tar.gz` or a zip only.',
        forPublishers: 'Build the sdist with `python -m build --sdist`.',
      },
      rubygems: {
        forUsers: 'Ask where the file comes from: `gem build` compresses all that a gem holds.',
        forPublishers: 'Build the gem with `gem build`.',
      },
    },
  },
};
