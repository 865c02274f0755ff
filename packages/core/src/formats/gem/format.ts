import { GemPackage } from '../../metadata/gem-package.ts';
import { duplicatesRules } from '../../rules/duplicates/index.ts';
import { gitRules } from '../../rules/git/index.ts';
import { gzipRules } from '../../rules/gzip/index.ts';
import { limitsRules } from '../../rules/limits/index.ts';
import { rule as writeThroughLink } from '../../rules/links/write-through-link.ts';
import { modesRules } from '../../rules/modes/index.ts';
import { namesRules } from '../../rules/names/index.ts';
import { pathsRules } from '../../rules/paths/index.ts';
import { paxRules } from '../../rules/pax/index.ts';
import { tarRules } from '../../rules/tar/index.ts';
import { typesRules } from '../../rules/types/index.ts';
import { defineFormat, type PackageFormat } from '../format.ts';
import { isTar, readGem } from './read.ts';
import { gemGemRules } from './rules/gem/index.ts';
import { gemGemspecRules } from './rules/gemspec/index.ts';

/** A gem, as `gem build` writes it: docs/design/0017-accepted-gem-grammar.md. */
export const format: PackageFormat = defineFormat({
  id: 'gem',
  ecosystem: 'rubygems',
  layout: 'whole',
  layer: 'tar',
  recognise: (fileName, bytes) =>
    /\.gem$/i.test(fileName) || (isTar(bytes) && /^(?:metadata|data\.tar)\.gz\0/.test(head(bytes))),
  read: readGem,
  metadata: (tree) => new GemPackage(tree),
  rules: [
    ...gemGemRules,
    ...gzipRules,
    ...tarRules,
    ...paxRules,
    ...typesRules,
    ...pathsRules,
    // Nothing is stripped, so that a path may well begin with `./`.
    ...namesRules.filter(({ id }) => id !== 'leading-dot-folder'),
    ...limitsRules,
    ...modesRules,
    ...gitRules,
    ...duplicatesRules,
    writeThroughLink,
    ...gemGemspecRules,
  ],
});

function head(bytes: Buffer): string {
  return bytes.toString('latin1', 0, 100);
}
