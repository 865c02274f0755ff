/*
 * Rules about the words of a registry and a lockfile. The archive alone never breaks them: a guard compares its package.json with the
 * words that its client used.
 */
import type { ReaderRule } from '../rule.ts';
import { advice, claimRules, readerRules } from '../table-rows.ts';

export const registryRules: readonly ReaderRule[] = claimRules([
  ...readerRules({
    id: 'registry-hides',
    level: 'error',
    summary: 'The archive has something that the registry or the lockfile does not show',
    advice: advice(
      'Do not install it: reviewers and audit tools did not see it. Compare the package.json of the archive with the page of the registry, and ask the maintainers why it is missing there.',
      'Publish the archive with the same package.json that you send to the registry, and let one program do both.',
    ),
    problems: {
      'registry-hides-script':
        'The archive has an install script that the registry or the lockfile does not show',
      'registry-hides-dependency':
        'The archive depends on a package that the registry or the lockfile does not show',
    },
  }),
  {
    id: 'registry-omits-script',
    level: 'warning',
    summary:
      'The archive has an install script, and the short document of the registry does not say so',
    advice: advice(
      'You need not do anything if your registry never sends `hasInstallScript`, as some proxies do. Otherwise read the script.',
      'Let the registry compute `hasInstallScript` from the package.json of the archive.',
    ),
  },
  {
    id: 'registry-other-script',
    level: 'note',
    summary: 'The registry or the lockfile shows an install script that the archive does not have',
    advice: advice(
      'You need not do anything: a client finds no such script in the archive.',
      'Publish from a folder that has the same files as the archive: npm adds a script if it sees a binding.gyp.',
    ),
  },
  ...readerRules({
    id: 'registry-other-dependencies',
    level: 'warning',
    summary: 'The registry or the lockfile shows other dependencies than the archive has',
    advice: advice(
      'Compare both lists, and look into `node_modules` of the archive: your client uses the dependencies of the registry, and the code was written for those of the archive.',
      'Do not change dependencies, `peerDependencies` or `bundleDependencies` between packing and publishing.',
    ),
    problems: {
      'registry-other-dependency':
        'The registry or the lockfile shows other dependencies than the archive has',
      'registry-other-peer':
        'The registry or the lockfile shows other peer dependencies than the archive has',
      'registry-other-bundle':
        'The registry or the lockfile shows other bundled packages than the archive names',
    },
  }),
  ...readerRules({
    id: 'registry-other-field',
    level: 'warning',
    summary: 'The registry or the lockfile shows other commands or platforms than the archive has',
    advice: advice(
      'Check which commands the archive installs, and compare `os`, `cpu` and `libc`: a command may have the name of a program that you use, and a package for another machine may be installed on yours.',
      'Do not change `bin`, `os`, `cpu` or `libc` between packing and publishing.',
    ),
    problems: {
      'registry-other-bin':
        'The registry or the lockfile shows other commands than the archive has',
      'registry-other-platform':
        'The registry or the lockfile shows other platforms than the archive has',
    },
  }),
  {
    id: 'registry-other-engines',
    level: 'note',
    summary: 'The registry or the lockfile shows other engines than the archive has',
    advice: advice(
      'You need not do anything: `engines` only makes clients warn.',
      'Do not change `engines` between packing and publishing.',
    ),
  },
  {
    id: 'registry-other-identity',
    level: 'error',
    summary: 'The registry or the lockfile names another package or version than the archive',
    advice: advice(
      'Do not install it: the document describes another package than the one that you get.',
      'Publish under the name and the version in the packed package.json.',
    ),
  },
]);
