import {
  reporterOptions,
  type Described,
  type OptionDefinitions,
} from '@tarwarden/host/command-line';
import { REQUEST_STATES } from '../../approvals/service.ts';

export const APPROVALS_OPTIONS = {
  server: {
    value: 'address',
    description:
      'the gateway, as clients know it: an https address, or http of this machine (default: TARWARDEN_SERVER)',
  },
  'token-file': {
    value: 'file',
    description:
      'a file with your token. Only you may be able to read it (default: the token in TARWARDEN_TOKEN)',
  },
  state: {
    value: 'state',
    choices: REQUEST_STATES,
    description: 'list: only requests in this state',
  },
  reason: {
    value: 'text',
    description: 'approve, decline, revoke: the reason, which the history keeps',
  },
  until: {
    value: 'day',
    description: 'approve: the last day on which the archive passes, YYYY-MM-DD, UTC',
  },
  ...reporterOptions('text', 'json'),
} as const satisfies OptionDefinitions;

export const approvals: Described<typeof APPROVALS_OPTIONS> = {
  name: 'approvals',
  program: 'tarwarden-server',
  summary: 'list and decide requests for exceptions',
  group: 'Servers',
  firstScreen: 5,
  printsData: true,
  description: [
    'A gateway with --approvals keeps requests to let a refused archive pass. "list" and "show" print them. "approve" lets the archive of a request pass until a day, "decline" refuses the request, and "revoke" ends an approval. These tasks ask the gateway, with your token.',
    '"export" prints the whole history, one line of JSON for each event. Each line contains the SHA-256 of the line before. "verify" reads such a file and says whether a line was changed, added or removed. It cannot notice that the last lines are missing: compare the printed digest with an earlier one.',
  ],
  examples: [
    'tarwarden-server approvals list --server https://npm.example --state open',
    'tarwarden-server approvals show 12',
    'tarwarden-server approvals approve 12 --until 2027-01-31 --reason reviewed',
    'tarwarden-server approvals export > history.ndjson',
    'tarwarden-server approvals verify history.ndjson',
  ],
  usage: [
    'list [--state STATE] [option...]',
    'show NUMBER [option...]',
    'approve NUMBER --until DAY --reason TEXT',
    'decline NUMBER --reason TEXT [option...]',
    'revoke NUMBER --reason TEXT [option...]',
    'export [option...]',
    'verify FILE',
  ],
  arguments: [
    {
      syntax: '<action>',
      description: 'the task',
      choices: ['list', 'show', 'approve', 'decline', 'revoke', 'export', 'verify'],
    },
    {
      syntax: '[target]',
      description: 'the number of a request; verify: the file',
      complete: 'files',
    },
  ],
  options: APPROVALS_OPTIONS,
  exitCodes: [
    ['0', 'the task is done'],
    ['1', 'the gateway does not allow it, or the history was changed'],
    ['2', 'the gateway cannot be asked, the file cannot be read, or wrong usage'],
  ],
};
