import { reporterOptions, type Described } from '@tarwarden/guard/command-line';
import {
  ARCHIVE_DESCRIPTION,
  FETCH_OPTIONS,
  FORMAT_OPTION,
  PACKAGE_OPTION,
} from '../common-options.ts';

export const definition = {
  name: 'unpack',
  summary: 'inspect an archive, and unpack it into a new folder',
  group: 'Archives',
  description: [
    'Inspects an archive, and writes its files to a new folder. In tarballs of npm and sdists, all files are in one folder: unpack leaves this folder out.',
    'If the archive is rejected, unpack writes nothing. If writing fails, it removes the files that it has written.',
    'tarwarden fetches a package with your settings and tokens into a private folder. If a version has several archives, name one with --file.',
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
  options: {
    format: FORMAT_OPTION,
    package: PACKAGE_OPTION,
    ...FETCH_OPTIONS,
    ...reporterOptions('text', 'json'),
  },
  exitCodes: {
    '0': 'the archive was unpacked',
    '1': 'the archive was refused',
    '2': 'the archive could not be inspected or unpacked, or the command line is wrong',
  },
} as const satisfies Described;
