import {
  reporterOptions,
  type Described,
  type OptionDefinitions,
} from '@tarwarden/host/command-line';
import { FORMAT_OPTION, PACKAGE_OPTION } from '../common-options.ts';

export const EXPLAIN_OPTIONS = {
  format: FORMAT_OPTION,
  package: PACKAGE_OPTION,
  ...reporterOptions('text', 'json'),
} as const satisfies OptionDefinitions;

export const explain: Described<typeof EXPLAIN_OPTIONS> = {
  name: 'explain',
  summary: 'show why an archive is rejected',
  group: 'Archives',
  firstScreen: 3,
  description: [
    'Shows each finding in an archive with its entry and its byte, and the files that each package manager would install from the archive.',
  ],
  examples: [
    'tarwarden explain suspicious-1.0.0.tgz',
    'tarwarden explain --package left-pad@1.3.0 --reporter json download.tgz',
  ],
  arguments: [{ syntax: '<file>', description: 'the archive', complete: 'files' }],
  options: EXPLAIN_OPTIONS,
  exitCodes: [
    ['0', 'the archive is accepted'],
    ['1', 'the archive is rejected'],
    ['2', 'the archive could not be inspected, or the command line is wrong'],
  ],
};
