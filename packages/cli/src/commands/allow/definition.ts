import {
  reporterOptions,
  type Described,
  type OptionDefinitions,
} from '@tarwarden/host/command-line';
import { FORMAT_OPTION, PACKAGE_OPTION } from '../common-options.ts';

export const ALLOW_OPTIONS = {
  reason: {
    value: 'text',
    description: 'why you allow this archive. tarwarden prints the reason with the finding',
  },
  expires: {
    value: 'YYYY-MM-DD',
    description:
      'the last day of the exceptions in UTC, at most a year from now (default: in 30 days)',
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
    description: "change your own policy file, which is for all projects, instead of the project's",
  },
  approve: {
    description:
      'approve exceptions that the policy of this project proposes, so that they count on this machine: those of the hashes, or all after a question. Hashes may not come from a file of the repository',
  },
  yes: { description: '--approve: do not ask a question' },
  remove: {
    description:
      'take back the exceptions of these hashes, or for --package: in the policy file of the project (with --user, in your own), and your approvals of them',
  },
  'dry-run': { description: 'write nothing, and print what would be written' },
  list: {
    description:
      'list the exceptions of both policy files with their hashes, when they expire, which are not approved, and your approvals',
  },
  prune: { description: 'remove the exceptions and approvals that have expired' },
  ...reporterOptions('text', 'json'),
} as const satisfies OptionDefinitions;

export const allow: Described<typeof ALLOW_OPTIONS> = {
  name: 'allow',
  summary: 'let an archive pass that you have looked at',
  group: 'Set-up',
  firstScreen: 4,
  printsData: ['list', 'dry-run'],
  description: [
    'Inspects an archive that was refused, and writes the narrowest exceptions with which it passes: one for each finding, for this entry, this rule, this name and version, and these bytes, with a reason and a last day.',
    'An exception in the policy of a project lets nothing pass before you approve exactly that exception. One that you write with this command is approved at once.',
    'Look at the archive first: `tarwarden explain FILE`. Nothing is written for an archive that could not be read to its end, or that has more findings than are listed.',
  ],
  examples: [
    "tarwarden allow lz4-0.6.3.tgz --reason 'stays inside' --expires 2027-01-31",
    "tarwarden allow --from report.ndjson --package lz4@0.6.3 --reason 'looked at'",
    'tarwarden allow --approve',
    'tarwarden allow --list',
    'tarwarden allow --prune',
  ],
  usage: [
    '<file...> --reason TEXT [--expires YYYY-MM-DD]',
    '--from REPORT [--package NAME@VERSION] --reason TEXT',
    '--approve [HASH...] [--yes]',
    '--remove <HASH...> [--user]',
    '--list',
    '--prune',
  ],
  arguments: [
    {
      syntax: '[file...]',
      description: 'archives; with --approve and --remove, hashes of exceptions',
      complete: 'files',
    },
  ],
  options: ALLOW_OPTIONS,
  exitCodes: [
    ['0', 'the exceptions were written, approved or removed, or there was nothing to do'],
    [
      '1',
      'an archive cannot be allowed, the question was answered with no, or nothing is there to be removed; nothing was written',
    ],
    ['2', 'a file or a policy could not be read or written, or wrong usage; nothing was written'],
  ],
};
