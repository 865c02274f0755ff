/* Options that several commands have. */
import type { Format } from '@tarwarden/core';

export const COLOUR_OPTIONS = {
  color: { description: 'use colour' },
  'no-color': { description: 'use no colour (default: colour on a terminal)' },
} as const;

/** Written out: who asks for help loads no reader. A test holds it against the formats. */
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
  description: 'what the archive is; without it, that is found by its name and its first bytes',
} as const;

export const PACKAGE_OPTION = {
  value: 'name@version',
  description:
    'package that the archive must hold, as its ecosystem spells it (for Go example.com/mod@v1.0.0); that it says another name or version of itself is a finding',
} as const;

/** The option `--reporter` of a command that prints text or one JSON document. `shown` names what it prints. */
export const reporterOption = (shown: string) =>
  ({
    value: 'reporter',
    choices: ['text', 'json'],
    default: 'text',
    description: `show ${shown} as text for people, or as one JSON document`,
  }) as const;

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
