import type { Described, OptionDefinitions } from '@tarwarden/host/command-line';

export const VERDICTS_OPTIONS = {
  storage: {
    value: 'storage',
    description:
      'serve: a folder, redis://HOST, rediss://HOST or s3+https://HOST/BUCKET (with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION)',
  },
  listen: {
    value: 'host:port',
    default: '127.0.0.1:4880',
    description: 'serve: the address to listen on; port 0 takes a free port',
  },
} as const satisfies OptionDefinitions;

export const verdicts: Described<typeof VERDICTS_OPTIONS> = {
  name: 'verdicts',
  program: 'tarwarden-server',
  summary: 'keep and serve signed verdicts',
  group: 'Servers',
  description: [
    '"serve" runs a store of verdicts. It keeps verdicts that a pinned key has signed. It speaks http: put a proxy with TLS in front of it. Its clients are `tarwarden verdicts push` and `pull`, and every guard whose policy names the store.',
  ],
  examples: ['tarwarden-server verdicts serve --storage /var/lib/tarwarden'],
  usage: ['serve --storage STORAGE [--listen HOST:PORT]'],
  arguments: [{ syntax: '<action>', description: 'what to do', choices: ['serve'] }],
  options: VERDICTS_OPTIONS,
  exitCodes: [
    ['0', 'the store was stopped'],
    ['2', 'the store cannot listen, a storage or policy file cannot be used, or wrong usage'],
  ],
};
