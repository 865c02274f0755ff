/* Options that several commands have. */
import type { Format } from '@tarwarden/core';

/** The formats are written out, so that help loads no reader. A test compares them with the formats of the core. */
export const FORMATS = [
  'npm',
  'sdist',
  'wheel',
  'gem',
  'gomod',
  'yarn-zip',
] as const satisfies readonly Format[];

export const FORMAT_OPTION = {
  value: 'format',
  choices: FORMATS,
  description:
    'the format of the archive. By default, tarwarden finds it by the name and the first bytes',
} as const;

export const PACKAGE_OPTION = {
  value: 'name@version',
  description:
    'the package that the archive has to contain, as its ecosystem writes it (for Go example.com/mod@v1.0.0). It is a finding if the archive contains another name or version',
} as const;

/** The commands that hand their arguments on to a package manager. They have the names of the programs that they run. */
export const CLIENTS = [
  'npm',
  'npx',
  'pnpm',
  'pnpx',
  'yarn',
  'bun',
  'bunx',
  'go',
  'pip',
  'pip3',
  'python',
  'python3',
  'gem',
  'bundle',
] as const;

/** The option that names managers, of the commands that write shims. */
export const MANAGER_OPTION = {
  value: 'name',
  choices: [...CLIENTS, 'yarnpkg', 'bundler'],
  multiple: true,
} as const;

/** The options for archives of packages, which are fetched. */
export const FETCH_OPTIONS = {
  file: {
    value: 'name',
    description:
      'of the archives of a package that has several (wheels, gems for a platform), take the one of this file name',
  },
  offline: { description: 'download nothing: take a package only from a cache' },
} as const;

/** The description of an argument that names archives. */
export const ARCHIVE_DESCRIPTION =
  'a file; a package with one exact version (left-pad@1.3.0, pypi:NAME@VERSION, gem:NAME@VERSION, go:MODULE@vVERSION), which is fetched; or the https address of an archive';
