import {
  reporterOptions,
  type Described,
  type OptionDefinitions,
} from '@tarwarden/host/command-line';
import {
  ARCHIVE_DESCRIPTION,
  FETCH_OPTIONS,
  FORMAT_OPTION,
  PACKAGE_OPTION,
} from '../common-options.ts';

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
      'package that the archive of a file is asked for as; without it, what the archive says of itself. An exception holds for no other name or version',
  },
  format: FORMAT_OPTION,
  ...FETCH_OPTIONS,
  from: {
    value: 'report',
    description:
      'take what was found from the report of an install (TARWARDEN_REPORT) instead of an archive; with --package where it lists several that were rejected',
  },
  project: {
    description:
      'work on the policy file of the project, where others find the exceptions and have to approve them, instead of your own, which holds for all your projects',
  },
  approve: {
    description:
      'approve exceptions and git dependencies that the policy of this project proposes, so that they count on this machine: those of the hashes, or all after a question. Hashes may not come from a file of the repository',
  },
  ahead: {
    description:
      "with --approve, also approve hashes that the policy file of this project does not propose, and nothing without a hash: for CI, and for what Yarn's settings propose",
  },
  yes: { description: 'ask no question. You need it where there is no terminal' },
  remove: {
    description:
      'take back all exceptions for these packages, or of these hashes: those in your own policy file, and your approvals; with --project, also those in the policy file of the project',
  },
  'dry-run': { description: 'write nothing, and print what would be written' },
  list: {
    description:
      'list the exceptions and git dependencies of both policy files with their hashes, when they expire, which are not approved, and your approvals',
  },
  prune: {
    description: 'remove the exceptions, git dependencies and approvals that have expired',
  },
  ...reporterOptions('text', 'json'),
} as const satisfies OptionDefinitions;

export const allow: Described<typeof ALLOW_OPTIONS> = {
  name: 'allow',
  summary: 'let an archive pass that you have looked at',
  group: 'Set-up',
  firstScreen: 4,
  printsData: ['list', 'dry-run'],
  description: [
    'Fetches and inspects a package that was refused, shows what was found, and asks. Then it writes the narrowest exceptions with which the package passes: one for each finding, for this entry, this rule, this name and version, and these bytes, with a reason and a last day. Other bytes of the same version stay refused.',
    'The exceptions are in your own policy file, and hold for you in every project. With --project they are in the policy file of the project. There they let nothing pass for others before these approve exactly those exceptions. Yours are approved at once.',
    'Look at the archive first: `tarwarden explain left-pad@1.3.0`. Nothing is written for an archive that could not be read to its end, or that has more findings than are listed.',
  ],
  examples: [
    "tarwarden allow lz4@0.6.3 --reason 'the link stays inside'",
    "tarwarden allow pypi:example@1.0 --reason 'looked at' --expires 2027-01-31",
    "tarwarden allow lz4-0.6.3.tgz --reason 'stays inside' --project",
    'tarwarden allow --remove lz4@0.6.3',
    "tarwarden allow --from report.ndjson --package lz4@0.6.3 --reason 'looked at'",
    'tarwarden allow --approve',
    'tarwarden allow --list',
    'tarwarden allow --prune',
  ],
  usage: [
    '<archive...> --reason TEXT [--project] [--yes]',
    '--from REPORT [--package NAME@VERSION] --reason TEXT',
    '--approve [HASH...] [--yes|--ahead]',
    '--remove <PACKAGE|HASH...> [--project]',
    '--list',
    '--prune',
  ],
  arguments: [
    {
      syntax: '[archive...]',
      description: `${ARCHIVE_DESCRIPTION}. With --remove packages or hashes of exceptions, with --approve hashes`,
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
