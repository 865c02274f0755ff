import type { OptionDefinitions, Described } from '@tarwarden/host/command-line';
import {
  ARCHIVE_DESCRIPTION,
  COLOUR_OPTIONS,
  FETCH_OPTIONS,
  FORMAT_OPTION,
  PACKAGE_OPTION,
  reporterOption,
} from '../common-options.ts';

export const UNPACK_OPTIONS = {
  format: FORMAT_OPTION,
  package: PACKAGE_OPTION,
  ...FETCH_OPTIONS,
  reporter: reporterOption('the result'),
  ...COLOUR_OPTIONS,
} as const satisfies OptionDefinitions;

export const unpack: Described<typeof UNPACK_OPTIONS> = {
  name: 'unpack',
  summary: 'inspect an archive, and unpack it into a new folder',
  group: 'Archives',
  description: [
    'Inspects a package archive, and writes its files to a new folder: without their first folder where the format has one (tarballs of npm, sdists, module zips of Go).',
    'A package is fetched with your settings and tokens. If a version has several archives for this machine, name one of them by --file.',
    'Nothing is written if the archive is rejected, and nothing is left if writing fails.',
  ],
  examples: [
    'tarwarden unpack left-pad@1.3.0 ./left-pad',
    'tarwarden unpack suspicious-1.0.0.tgz ./suspicious',
  ],
  arguments: [
    { syntax: '<archive>', description: ARCHIVE_DESCRIPTION, complete: 'files' },
    {
      syntax: '<dir>',
      complete: 'folders',
      description:
        'the folder, which must be empty or not exist yet; the folder around it must exist, and no symbolic link is followed on the way there',
    },
  ],
  options: UNPACK_OPTIONS,
  exitCodes: [
    ['0', 'unpacked'],
    ['1', 'the archive was refused'],
    ['2', 'something else went wrong, or wrong usage'],
  ],
};
