import type { OptionDefinitions, Described } from '@tarwarden/host/command-line';
import {
  ARCHIVE_DESCRIPTION,
  COLOUR_OPTIONS,
  FETCH_OPTIONS,
  FORMAT_OPTION,
  PACKAGE_OPTION,
  reporterOption,
} from '../common-options.ts';

export const EXPLAIN_OPTIONS = {
  format: FORMAT_OPTION,
  package: PACKAGE_OPTION,
  ...FETCH_OPTIONS,
  reporter: reporterOption('the explanation'),
  ...COLOUR_OPTIONS,
} as const satisfies OptionDefinitions;

export const explain: Described<typeof EXPLAIN_OPTIONS> = {
  name: 'explain',
  summary: 'show what is wrong with an archive, and for whom',
  group: 'Archives',
  description: [
    'Shows what is wrong with an archive, in which entry and at which byte, and what each package manager would install from it.',
    'A package is fetched with your settings and tokens into a private folder, and nothing of it is installed or run. If a version has several archives, all that this machine may install are inspected, and those that are rejected are explained.',
  ],
  examples: [
    'tarwarden explain left-pad@1.3.0',
    'tarwarden explain pypi:requests@2.32.3 --format wheel',
    'tarwarden explain suspicious-1.0.0.tgz',
    'tarwarden explain --package left-pad@1.3.0 --reporter json download.tgz',
  ],
  arguments: [{ syntax: '<archive>', description: ARCHIVE_DESCRIPTION, complete: 'files' }],
  options: EXPLAIN_OPTIONS,
  exitCodes: [
    ['0', 'accepted'],
    ['1', 'rejected'],
    ['2', 'could not be fetched or inspected, or wrong usage'],
  ],
};
