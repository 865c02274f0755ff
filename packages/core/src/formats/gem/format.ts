import { indexWordRules } from '../../rules/index-word/index.ts';
import { GemPackage } from '../../metadata/gem-package.ts';
import { gzipRules } from '../../rules/gzip/index.ts';
import { writeThroughLink } from '../../rules/links/index.ts';
import { paxRules } from '../../rules/pax/index.ts';
import { tarRules } from '../../rules/tar/index.ts';
import { defineFormat, type PackageFormat } from '../format.ts';
import { placedRules } from '../placed-rules.ts';
import { isTar } from '../npm-tarball/read.ts';
import { readGem } from './read.ts';
import { gemArchiveRules } from './rules/gem/index.ts';
import { gemspecRules } from './rules/gemspec/index.ts';

/** A gem, as `gem build` writes it: docs/design/0017-accepted-gem-grammar.md. */
export const gemFormat: PackageFormat = defineFormat({
  id: 'gem',
  ecosystem: 'rubygems',
  layout: 'whole',
  layer: 'tar',
  recognise: (fileName, bytes) =>
    /\.gem$/i.test(fileName) || (isTar(bytes) && /^(?:metadata|data\.tar)\.gz\0/.test(head(bytes))),
  read: readGem,
  metadata: (tree) => new GemPackage(tree),
  rules: [
    ...gemArchiveRules,
    ...gzipRules,
    ...tarRules,
    ...paxRules,
    // Clients strip no folder of a gem, so a path may begin with `./`.
    ...placedRules.filter(({ id }) => id !== 'leading-dot-folder'),
    writeThroughLink,
    ...gemspecRules,
    ...indexWordRules,
  ],
});

function head(bytes: Buffer): string {
  return bytes.toString('latin1', 0, 100);
}
