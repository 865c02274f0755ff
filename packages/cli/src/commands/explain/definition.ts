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
  summary: 'show what is wrong with an archive, and for whom',
  group: 'Archives',
  firstScreen: 3,
  description: [
    'Shows what is wrong with an archive, in which entry and at which byte, and what each package manager would install from it.',
  ],
  examples: [
    'tarwarden explain suspicious-1.0.0.tgz',
    'tarwarden explain --package left-pad@1.3.0 --reporter json download.tgz',
  ],
  arguments: [{ syntax: '<file>', description: 'the archive', complete: 'files' }],
  options: EXPLAIN_OPTIONS,
  exitCodes: [
    ['0', 'accepted'],
    ['1', 'rejected'],
    ['2', 'could not be inspected, or wrong usage'],
  ],
};
