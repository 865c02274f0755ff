import { reporterOptions, type Described } from '@tarwarden/guard/command-line';
import {
  ARCHIVE_DESCRIPTION,
  FETCH_OPTIONS,
  FORMAT_OPTION,
  PACKAGE_OPTION,
} from '../common-options.ts';

export const definition = {
  name: 'explain',
  summary: 'show why an archive is rejected',
  group: 'Archives',
  firstScreen: 3,
  description: [
    'Shows each finding in an archive with its entry and its byte, and the files that each package manager would install from the archive.',
    'tarwarden fetches a package with your settings and tokens into a private folder, and installs and runs nothing of it. If a version has several archives, tarwarden inspects all that this machine may install, and explains those that are rejected.',
  ],
  examples: [
    'tarwarden explain left-pad@1.3.0',
    'tarwarden explain pypi:requests@2.32.3 --format wheel',
    'tarwarden explain suspicious-1.0.0.tgz',
    'tarwarden explain --package left-pad@1.3.0 --reporter json download.tgz',
  ],
  arguments: [{ syntax: '<archive>', description: ARCHIVE_DESCRIPTION, complete: 'files' }],
  options: {
    format: FORMAT_OPTION,
    package: PACKAGE_OPTION,
    ...FETCH_OPTIONS,
    ...reporterOptions('text', 'json'),
  },
  exitCodes: {
    '0': 'the archive is accepted',
    '1': 'the archive is rejected',
    '2': 'the archive could not be fetched or inspected, or the command line is wrong',
  },
} as const satisfies Described;
