import type { OptionDefinitions, Described } from '@tarwarden/host/command-line';
import { reporterOption } from '../common-options.ts';

export const KEYS_OPTIONS = {
  out: {
    value: 'file',
    description:
      'generate: file for the private key; it must not exist yet, and is made readable for you alone',
  },
  name: { value: 'text', description: 'generate: whose key it is, for the line to be pinned' },
  reporter: reporterOption('results'),
} as const satisfies OptionDefinitions;

export const keys: Described<typeof KEYS_OPTIONS> = {
  name: 'keys',
  summary: 'make a key that signs verdicts, or list those that are believed',
  group: 'Shared verdicts',
  description: [
    'Verdicts that others have signed are used where your own policy file pins their key. No repository can pin one.',
    '"generate" writes a new private key, and prints what has to be pinned. "list" shows which keys are pinned, and until when they count.',
  ],
  examples: ['tarwarden keys generate --out verdicts.pem --name ci', 'tarwarden keys list'],
  arguments: [{ syntax: '<action>', description: 'what to do', choices: ['generate', 'list'] }],
  options: KEYS_OPTIONS,
  exitCodes: [
    ['0', 'done'],
    ['2', 'the file exists or cannot be written, a policy file is wrong, or wrong usage'],
  ],
};
