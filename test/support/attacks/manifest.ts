/** The manifest, and files that other tools trust where they land. */
import { entry } from '../tar.ts';
import { inTar, noted, type Attack, added } from './attack.ts';

/** A package with these fields in package.json. */
function fields(
  words: string,
  rule: string,
  manifest: Record<string, unknown> | Uint8Array,
): Attack {
  return inTar(words, rule, () => ({ manifest }));
}

function planted(words: string, rule: string, name: string, body: string): Attack {
  return added(words, rule, entry({ name, body, mode: 0o755 }));
}

export const manifests: readonly Attack[] = [
  // package/index.js alone
  inTar('manifest-missing: no package.json', 'manifest-missing', () => ({ manifest: null })),

  // package/Package.json alone
  inTar(
    'manifest-other-case: package.json in another case',
    'manifest-missing',
    ({ name, version }) => ({
      manifest: null,
      files: { 'Package.json': JSON.stringify({ name, version }) },
    }),
  ),

  fields(
    'manifest-invalid: a package.json that is not JSON',
    'manifest-invalid',
    Buffer.from('{"name": '),
  ),
  fields(
    'manifest-not-object: a package.json that is a list',
    'manifest-invalid',
    Buffer.from('["fixture"]'),
  ),
  fields('manifest-empty: an empty package.json', 'manifest-invalid', Buffer.alloc(0)),

  // the identity is another package's
  fields('manifest-name-mismatch: the name of another package', 'manifest-name-mismatch', {
    name: 'tarwarden-another-name',
  }),
  fields('manifest-version-mismatch: another version', 'manifest-version-mismatch', {
    version: '99.0.0',
  }),

  // bin: {tool: '../../../evil.sh'}
  fields('bin-escapes: a bin target outside the package', 'bin-escapes', {
    bin: { tool: '../../../evil.sh' },
  }),
  fields('bin-escapes-absolute: an absolute bin target', 'bin-escapes', {
    bin: { tool: '/nonexistent/tarwarden-evil' },
  }),
  fields('bin-escapes-backslash: a bin target that climbs with backslashes', 'bin-escapes', {
    bin: { tool: '..\\..\\evil.js' },
  }),

  // bin: {'../../evil': 'index.js'}: the link is made outside .bin
  fields('bin-name-escapes: a bin name that leaves .bin', 'bin-escapes', {
    bin: { '../../evil': 'index.js' },
  }),
  fields('directories-bin-escapes: directories.bin outside the package', 'directories-escape', {
    directories: { bin: '../../..' },
  }),
  fields('man-escapes: a man page outside the package', 'man-escapes', {
    man: ['../../../evil.1'],
  }),

  // dependencies: {'../../evil': '1.0.0'}: joined to node_modules, it is elsewhere
  fields('dependency-name-escapes: a dependency name that climbs', 'manifest-unsafe-name', {
    dependencies: { '../../evil': '1.0.0' },
  }),
  fields('bundled-name-escapes: a bundled name that climbs', 'manifest-unsafe-name', {
    bundleDependencies: ['../../evil'],
  }),

  // package/.git/config with a filter that runs a program
  planted(
    'planted-git: a planted .git',
    'planted-git',
    'package/.git/config',
    '[core]\n\tfsmonitor = ./evil\n',
  ),
  planted(
    'planted-git-nested: a .git below a folder',
    'planted-git',
    'package/lib/.git/hooks/post-checkout',
    '#!/bin/sh\nexit 0\n',
  ),
  planted(
    'planted-git-case: a .GIT',
    'planted-git',
    'package/.GIT/config',
    '[core]\n\tfsmonitor = ./evil\n',
  ),

  // package/lib/.git: a link to package/store, which holds a repository with a hook
  inTar('planted-git-link: a link of git to what the package brings', 'planted-git', () => ({
    files: {
      'lib/.git': 'gitdir: ../store\n',
      'store/HEAD': 'ref: refs/heads/main\n',
      'store/config': '[core]\n\tfsmonitor = ./evil\n',
    },
  })),

  // package/é/.git: the same below a folder that folds otherwise on some disks
  inTar(
    'planted-git-link-letters: a link of git below a folder whose name folds',
    'planted-git',
    () => ({
      files: {
        'é/.git': 'gitdir: store\n',
        'é/store/HEAD': 'ref: refs/heads/main\n',
        'é/store/config': '[core]\n\tfsmonitor = ./evil\n',
      },
    }),
  ),

  // package/HEAD, config, objects/ and refs/: what git runs in below package/ without any .git
  inTar('planted-git-bare: a repository of git without .git', 'planted-git', () => ({
    files: {
      HEAD: 'ref: refs/heads/main\n',
      config: '[core]\n\tfsmonitor = ./evil\n',
      'objects/info/packs': '',
      'refs/heads/main': '',
    },
  })),

  // package/lib/.git: a link to a repository outside the package
  planted(
    'planted-git-link-outside: a link of git out of the package',
    'planted-git',
    'package/lib/.git',
    'gitdir: ../../other/store\n',
  ),

  // package/node_modules/.bin/tsc
  planted(
    'planted-node-modules-bin: a planted node_modules/.bin',
    'planted-node-modules-bin',
    'package/node_modules/.bin/tsc',
    '#!/bin/sh\nexit 0\n',
  ),

  // package/node_modules/.package-lock.json: npm believes it about what is installed
  planted(
    'planted-manager-state: a planted hidden lockfile',
    'planted-manager-state',
    'package/node_modules/.package-lock.json',
    '{}',
  ),

  // package/node_modules/.pnpm/lock.yaml: pnpm keeps the folders that it names, whatever lies in them
  planted(
    'planted-manager-state-pnpm-lock: a planted lockfile of what pnpm installed',
    'planted-manager-state',
    'package/node_modules/.pnpm/lock.yaml',
    "lockfileVersion: '9.0'\n",
  ),

  // package/node_modules/.pnpm-workspace-state-v1.json: pnpm 12 installs nothing where it says that all is done
  planted(
    "planted-manager-state-pnpm-workspace: a planted record of pnpm's last install",
    'planted-manager-state',
    'package/node_modules/.pnpm-workspace-state-v1.json',
    '{"lastValidatedTimestamp":9999999999999,"projects":{},"pnpmfiles":[],"settings":{},"filteredInstall":false}',
  ),

  // {"name": …, "scripts": {"install": "exit 0"}, "scripts": {"install": "exit 7"}}
  inTar(
    'manifest-duplicate-key: two install scripts in package.json',
    'manifest-duplicate-key',
    ({ name, version }) => ({
      manifest: Buffer.from(
        `{"name":"${name}","version":"${version}","scripts":{"install":"exit 0"},"scripts":{"install":"exit 7"}}\n`,
      ),
    }),
  ),
  // bin: ['index.js'], whose commands are called `index.js` by one manager and `0` by another
  fields('manifest-ambiguous-field: a list of commands', 'manifest-ambiguous-field', {
    bin: ['index.js'],
  }),
  // npm-shrinkwrap.json: a dependency in the place of a package beside this one
  inTar('shrinkwrap-escapes: a lockfile that leaves the package', 'shrinkwrap-escapes', () => ({
    files: {
      'npm-shrinkwrap.json': JSON.stringify({
        lockfileVersion: 3,
        packages: { '../tarwarden-neighbour': { version: '1.0.0' } },
      }),
    },
  })),

  // package.json of 3 MiB
  fields('manifest-oversized: a package.json of megabytes', 'manifest-oversized', {
    description: 'x'.repeat(3 * 1024 * 1024),
  }),

  // bin names a file that is not there
  noted(
    fields('bin-target-missing: a bin target that is missing', 'bin-target-missing', {
      bin: { tool: './nowhere.js' },
    }),
  ),
];
