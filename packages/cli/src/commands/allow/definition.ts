import { reporterOptions, type Described } from '@tarwarden/guard/command-line';
import {
  ARCHIVE_DESCRIPTION,
  FETCH_OPTIONS,
  FORMAT_OPTION,
  PACKAGE_OPTION,
} from '../common-options.ts';

/** Version of the JSON documents' shape. Raised when a key changes its meaning or goes away. */
export const ALLOW_SCHEMA = 1;

export const definition = {
  name: 'allow',
  summary: 'let an archive pass that you have looked at',
  group: 'Set-up',
  firstScreen: 4,
  printsData: ['list'],
  description: [
    'Fetches and inspects a package that was refused, shows what was found, and asks. Then it writes the narrowest exceptions with which the package passes: one for each finding, for this entry, this rule, this name and version, and these bytes, with a reason and a last day. Other bytes of the same version stay refused.',
    'The exceptions are in your own policy file, and hold for you in every project. With --policy they are in the file that you name: in the policy of an organisation, where a pull request approves them, or in the tarwarden.json of a project, where they let nothing pass for anybody, also for you, before `tarwarden allow --approve`.',
    'Look at the archive first: `tarwarden explain left-pad@1.3.0`. Nothing is written for an archive that could not be read to its end, or that has more findings than are listed.',
  ],
  examples: [
    "tarwarden allow lz4@0.6.3 --reason 'the link stays inside'",
    "tarwarden allow pypi:example@1.0 --reason 'looked at' --expires 2027-01-31",
    "tarwarden allow lz4-0.6.3.tgz --reason 'stays inside' --policy tarwarden.json",
    'tarwarden allow --remove lz4@0.6.3',
    'tarwarden allow --approve',
    'tarwarden allow --list',
  ],
  usage: [
    '<archive...> --reason TEXT [--policy FILE] [--yes]',
    '--approve [HASH...] [--yes]',
    '--remove <PACKAGE|HASH...>',
    '--list',
  ],
  arguments: [
    {
      syntax: '[archive...]',
      description: `${ARCHIVE_DESCRIPTION}. With --remove packages or hashes of exceptions, with --approve hashes`,
      complete: 'files',
    },
  ],
  options: {
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
    approve: {
      description:
        'approve exceptions and git dependencies that the policy of this project proposes, so that they count on this machine: those of the hashes, also if nothing here proposes them, or all after a question. Hashes may not come from a file of the repository',
    },
    yes: { description: 'ask no question. You need it where there is no terminal' },
    remove: {
      description:
        'take back all exceptions for these packages, or of these hashes: those in your own policy file, and your approvals',
    },
    policy: {
      value: 'file',
      description:
        'write the exceptions into this policy file instead of your own, for example into that of your organisation in git. The archive is inspected under this file alone. A new file is made if there is none',
    },
    list: {
      description:
        'list the exceptions and git dependencies of all policy files with their hashes, when they expire, which do not count, and your approvals',
    },
    ...reporterOptions('text', 'json'),
  },
  exitCodes: {
    '0': 'the exceptions were written, approved or removed, or there was nothing to do',
    '1': 'an archive cannot be allowed, the question was answered with no, or nothing is there to be removed; nothing was written',
    '2': 'a file or a policy could not be read or written, or wrong usage; nothing was written',
  },
} as const satisfies Described;
