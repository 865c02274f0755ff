/*
 * Rules about the words of a registry and a lockfile. The archive alone never breaks them: a guard compares its package.json with the
 * words that its client used.
 */
import type { ReaderRule } from '../rule.ts';
import { claimRule } from '../table-rows.ts';

const COMPARED = ['metadata/npm-claim.ts'];

export const registryRules: readonly ReaderRule[] = [
  claimRule(COMPARED, {
    id: 'registry-hides-script',
    level: 'error',
    summary: 'The archive has an install script that the registry or the lockfile does not show',
    advice: {
      forUsers:
        'Do not install it: reviewers and audit tools saw no script, and a client runs it. Read the script, and ask the maintainers why it is missing in the document.',
      forPublishers:
        'Publish the archive with the same package.json that you send to the registry, and let one program do both.',
    },
  }),
  claimRule(COMPARED, {
    id: 'registry-omits-script',
    level: 'warning',
    summary:
      'The archive has an install script, and the short document of the registry does not say so',
    advice: {
      forUsers:
        'You need not do anything if your registry never sends `hasInstallScript`, as some proxies do. Otherwise read the script.',
      forPublishers:
        'Let the registry compute `hasInstallScript` from the package.json of the archive.',
    },
  }),
  claimRule(COMPARED, {
    id: 'registry-other-script',
    level: 'note',
    summary: 'The registry or the lockfile shows an install script that the archive does not have',
    advice: {
      forUsers: 'You need not do anything: a client finds no such script in the archive.',
      forPublishers:
        'Publish from a folder that has the same files as the archive: npm adds a script if it sees a binding.gyp.',
    },
  }),
  claimRule(COMPARED, {
    id: 'registry-hides-dependency',
    level: 'error',
    summary: 'The archive depends on a package that the registry or the lockfile does not show',
    advice: {
      forUsers:
        'Do not install it: an audit of the dependencies misses this package, and another client installs it. Compare the package.json of the archive with the page of the registry.',
      forPublishers:
        'Publish with one program, so that the registry gets the dependencies of the packed package.json.',
    },
  }),
  claimRule(COMPARED, {
    id: 'registry-other-dependency',
    level: 'warning',
    summary: 'The registry or the lockfile shows other dependencies than the archive has',
    advice: {
      forUsers:
        'Compare both lists: your client installs the dependencies of the registry, and the code was written for those of the archive.',
      forPublishers: 'Do not change the dependencies between packing and publishing.',
    },
  }),
  claimRule(COMPARED, {
    id: 'registry-other-peer',
    level: 'warning',
    summary: 'The registry or the lockfile shows other peer dependencies than the archive has',
    advice: {
      forUsers: 'Compare both lists of peers: your client checks those of the registry.',
      forPublishers: 'Do not change `peerDependencies` between packing and publishing.',
    },
  }),
  claimRule(COMPARED, {
    id: 'registry-other-bundle',
    level: 'warning',
    summary: 'The registry or the lockfile shows other bundled packages than the archive names',
    advice: {
      forUsers:
        'Look into `node_modules` of the archive: an audit of the dependencies does not see what is bundled.',
      forPublishers: 'Do not change `bundleDependencies` between packing and publishing.',
    },
  }),
  claimRule(COMPARED, {
    id: 'registry-other-bin',
    level: 'warning',
    summary: 'The registry or the lockfile shows other commands than the archive has',
    advice: {
      forUsers:
        'Check which commands the archive installs: one of them may have the name of a program that you use.',
      forPublishers: 'Do not change `bin` between packing and publishing.',
    },
  }),
  claimRule(COMPARED, {
    id: 'registry-other-platform',
    level: 'warning',
    summary: 'The registry or the lockfile shows other platforms than the archive has',
    advice: {
      forUsers:
        'Compare `os`, `cpu` and `libc`: a package that seems to be for another machine may be installed on yours.',
      forPublishers: 'Do not change `os`, `cpu` or `libc` between packing and publishing.',
    },
  }),
  claimRule(COMPARED, {
    id: 'registry-other-engines',
    level: 'note',
    summary: 'The registry or the lockfile shows other engines than the archive has',
    advice: {
      forUsers: 'You need not do anything: `engines` only makes clients warn.',
      forPublishers: 'Do not change `engines` between packing and publishing.',
    },
  }),
  claimRule(COMPARED, {
    id: 'registry-other-identity',
    level: 'error',
    summary: 'The registry or the lockfile names another package or version than the archive',
    advice: {
      forUsers:
        'Do not install it: the document describes another package than the one that you get.',
      forPublishers: 'Publish under the name and the version in the packed package.json.',
    },
  }),
];
