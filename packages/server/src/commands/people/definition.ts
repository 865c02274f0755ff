import {
  reporterOptions,
  type Described,
  type OptionDefinitions,
} from '@tarwarden/host/command-line';
import { ROLES } from '../../approvals/service.ts';

export const PEOPLE_OPTIONS = {
  role: {
    value: 'role',
    choices: ROLES,
    default: 'requester',
    description:
      'add: the role: a reader sees refusals, a requester also asks for exceptions, and an approver decides',
  },
  private: {
    value: 'pattern',
    multiple: true,
    description:
      'add: the private packages whose refusals the person may see: a name, or a beginning with a star such as @acme/*. You can repeat the option',
  },
  ...reporterOptions('text', 'json'),
} as const satisfies OptionDefinitions;

export const people: Described<typeof PEOPLE_OPTIONS> = {
  name: 'people',
  program: 'tarwarden-server',
  summary: 'make a token for a person who asks for exceptions or approves them',
  group: 'Servers',
  printsData: true,
  description: [
    '"add" makes a new token, and prints it once together with the entry for the file of people. The entry contains only the SHA-256 of the token. Give the token to the person, and add the entry to the file: the gateway reads it again when it changes.',
  ],
  examples: [
    'tarwarden-server people add ada --role approver',
    "tarwarden-server people add rita@example.com --private '@acme/*'",
  ],
  arguments: [
    { syntax: '<action>', description: 'the task', choices: ['add'] },
    { syntax: '<name>', description: 'the name of the person, which requests and decisions show' },
  ],
  options: PEOPLE_OPTIONS,
  exitCodes: [
    ['0', 'the token was printed'],
    ['2', 'the name or a pattern is invalid, or wrong usage'],
  ],
};
