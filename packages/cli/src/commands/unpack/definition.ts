import {
  reporterOptions,
  type Described,
  type OptionDefinitions,
} from '@tarwarden/host/command-line';
import { FORMAT_OPTION, PACKAGE_OPTION } from '../common-options.ts';

export const UNPACK_OPTIONS = {
  format: FORMAT_OPTION,
  package: PACKAGE_OPTION,
  ...reporterOptions('text', 'json'),
} as const satisfies OptionDefinitions;

export const unpack: Described<typeof UNPACK_OPTIONS> = {
  name: 'unpack',
  summary: 'inspect an archive, and unpack it into a new folder',
  group: 'Archives',
  description: [
    'Inspects a package archive, and writes its files to a new folder: without their first folder where the format has one (tarballs of npm, sdists, module zips of Go).',
    'Nothing is written if the archive is rejected, and nothing is left if writing fails.',
  ],
  examples: ['tarwarden unpack suspicious-1.0.0.tgz ./suspicious'],
  arguments: [
    { syntax: '<file>', description: 'the archive', complete: 'files' },
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
