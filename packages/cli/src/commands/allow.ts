import type { OptionDefinitions, ParsedCommand } from '../command-line/definition.ts';
import { FORMAT_OPTION, PACKAGE_OPTION } from './shared.ts';

export const ALLOW_OPTIONS = {
  reason: {
    value: 'text',
    description: 'why these bytes may be installed all the same; shown wherever the finding is',
  },
  expires: {
    value: 'YYYY-MM-DD',
    description:
      'last day on which the exceptions hold, UTC, at most a year ahead (default: in 30 days)',
  },
  package: {
    ...PACKAGE_OPTION,
    description:
      'package that the archive is asked for as; without it, what the archive says of itself. An exception holds for no other name or version',
  },
  format: FORMAT_OPTION,
  from: {
    value: 'report',
    description:
      'take what was found from the report of an install (TARWARDEN_REPORT) instead of an archive; with --package where it lists several that were rejected',
  },
  user: {
    description:
      "work on your own policy file, which holds for all projects, instead of the project's",
  },
  'dry-run': { description: 'write nothing, and print what would be written' },
  list: { description: 'list the exceptions of both policy files, and when they expire' },
  prune: { description: 'remove the exceptions that have expired' },
  reporter: {
    value: 'reporter',
    choices: ['text', 'json'],
    default: 'text',
    description: 'show results as text for people, or as one JSON document',
  },
} as const satisfies OptionDefinitions;

export const allow: ParsedCommand<typeof ALLOW_OPTIONS> = {
  name: 'allow',
  summary: 'write, list and remove exceptions of the policy',
  group: 'Set-up',
  description: [
    'Inspects an archive that was refused, and writes the narrowest exceptions with which it passes: one for each finding, for this entry, this rule, this name and version, and these bytes, with a reason and a last day.',
    'Look at the archive first: `tarwarden explain FILE`. Nothing is written for an archive that could not be read to its end, or that has more findings than are listed.',
  ],
  examples: [
    "tarwarden allow lz4-0.6.3.tgz --reason 'stays inside' --expires 2027-01-31",
    "tarwarden allow --from report.ndjson --package lz4@0.6.3 --reason 'looked at'",
    'tarwarden allow --list',
    'tarwarden allow --prune',
  ],
  usage: [
    '<file...> --reason TEXT [--expires YYYY-MM-DD]',
    '--from REPORT [--package NAME@VERSION] --reason TEXT',
    '--list',
    '--prune',
  ],
  arguments: [{ syntax: '[file...]', description: 'archives', complete: 'files' }],
  options: ALLOW_OPTIONS,
  exitCodes: [
    ['0', 'the exceptions were written, or none are needed'],
    ['1', 'an archive cannot be allowed; nothing was written'],
    ['2', 'a file or a policy could not be read or written, or wrong usage; nothing was written'],
  ],
  run: async (call) => (await import('../allow/allow.ts')).allow(call),
};
