/*
 * Rules that compare an archive with the statements of an index of Python packages or gems about it. Clients choose dependencies and versions by
 * the index, and install what the archive says. metadata/index-claim.ts compares them.
 */
import type { ReaderRule } from '../rule.ts';
import { advice, claimRules, readerRules } from '../table-rows.ts';

export const indexWordRules: readonly ReaderRule[] = claimRules([
  ...readerRules({
    id: 'index-other-dependencies',
    level: 'error',
    summary: 'The index shows other dependencies than the package has',
    advice: advice(
      'Do not install it, and report it to the index: a review of the dependencies misses a package, or a server adds one for which the authors did not ask. If only your lockfile is wrong, have your client write it again.',
      'Compare the metadata that your index serves with the one in the archive. Have the index read the archive again, or publish a new version.',
    ),
    problems: {
      'index-hides-dependency': 'The package needs another package that the index does not show',
      'index-adds-dependency': 'The index shows a dependency that the package does not have',
    },
  }),
  {
    id: 'index-other-dependency',
    level: 'error',
    elsewhere: {
      rubygems: {
        level: 'warning',
        reason:
          'Some proxies of gem sources write only one of two requirements. Bundler then refuses the gem by itself.',
      },
    },
    summary: 'The index shows a dependency with another requirement than the package has',
    advice: advice(
      'Compare both requirements before you install it: your client chooses versions by the index, and the code was written for those of the archive.',
      'Have the index read the metadata of the archive again. If a proxy changes the requirement, report it to the makers of the proxy.',
    ),
  },
  {
    id: 'index-other-metadata',
    level: 'error',
    summary: 'The metadata file of the index differs from the metadata in the archive',
    advice: advice(
      'Do not install it, and report it to the index: clients choose by the metadata file, and would install another package than they chose.',
      'Have the index extract the file from the archive again. It must be METADATA of the wheel, unchanged.',
    ),
  },
  {
    id: 'index-other-text',
    level: 'warning',
    summary: 'The metadata file of the index has another text than the archive',
    advice: advice(
      'You need not do anything if the index belongs to your organisation and rewrites metadata. Otherwise report it to the index.',
      'Have the index serve METADATA of the wheel byte for byte, as the standard for indexes demands.',
    ),
  },
  {
    id: 'index-other-language',
    level: 'warning',
    summary: 'The index states other versions of the language than the package',
    advice: advice(
      'Look at the versions: your client may choose a release that does not run on yours, or an older release than it could.',
      'State the same versions in all files of a release, since an index may take those of the first file for all of them.',
    ),
  },
  {
    id: 'index-other-checksum',
    level: 'error',
    summary: 'The archive does not have the checksum of the index',
    advice: advice(
      'Do not install it: delete it from the cache and install again. If the message stays, the server sends another archive than its index promises: report that.',
      'Never replace a published archive. Publish a new version, or have the server compute its index again.',
    ),
  },
]);
