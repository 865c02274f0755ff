import type { Described, OptionDefinitions } from '@tarwarden/host/command-line';

export const VERDICTS_OPTIONS = {
  storage: {
    value: 'storage',
    description:
      'serve: where to store the verdicts: a folder, redis://HOST, rediss://HOST or s3+https://HOST/BUCKET (with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION)',
  },
  listen: {
    value: 'host:port',
    default: '127.0.0.1:4880',
    description: 'serve: the address to listen on. With port 0, the system chooses a free port',
  },
} as const satisfies OptionDefinitions;

export const verdicts: Described<typeof VERDICTS_OPTIONS> = {
  name: 'verdicts',
  program: 'tarwarden-server',
  summary: 'store and serve signed verdicts',
  group: 'Servers',
  firstScreen: 3,
  description: [
    '"serve" starts a store of verdicts. The store accepts a verdict if your policy file contains the key that signed it. `tarwarden verdicts push` and `pull` use the store, and so does every guard whose policy file contains the address of the store.',
    'The store uses HTTP without encryption: put a proxy with TLS in front of it.',
  ],
  examples: ['tarwarden-server verdicts serve --storage /var/lib/tarwarden'],
  usage: ['serve --storage STORAGE [--listen HOST:PORT]'],
  arguments: [{ syntax: '<action>', description: 'the task', choices: ['serve'] }],
  options: VERDICTS_OPTIONS,
  exitCodes: [
    ['0', 'you stopped the store'],
    ['2', 'the store cannot listen, a storage or policy file cannot be used, or wrong usage'],
  ],
};
