import {
  reporterOptions,
  type Described,
  type OptionDefinitions,
} from '@tarwarden/host/command-line';

export const KEYS_OPTIONS = {
  out: {
    value: 'file',
    description:
      'generate: write the private key to this file, which must not exist yet. Only you can read the file',
  },
  name: {
    value: 'text',
    description: 'generate: the name of the owner, for the printed policy line',
  },
  ...reporterOptions('text', 'json'),
} as const satisfies OptionDefinitions;

export const keys: Described<typeof KEYS_OPTIONS> = {
  name: 'keys',
  summary: 'make a key that signs verdicts, or list the keys that you trust',
  group: 'Shared verdicts',
  printsData: true,
  description: [
    'The guard uses verdicts that other people have signed only if your own policy file contains their public key. A policy file of a repository cannot add a key.',
    '"generate" writes a new private key, and prints the line that adds its public key to a policy file. "list" prints the keys in your policy file, and the last day on which each of them counts.',
  ],
  examples: ['tarwarden keys generate --out verdicts.pem --name ci', 'tarwarden keys list'],
  arguments: [{ syntax: '<action>', description: 'the task', choices: ['generate', 'list'] }],
  options: KEYS_OPTIONS,
  exitCodes: [
    ['0', 'the key was written, or the keys were printed'],
    ['2', 'the file exists or cannot be written, a policy file is invalid, or wrong usage'],
  ],
};
