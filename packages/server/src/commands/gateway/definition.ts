import type { Described, OptionDefinitions } from '@tarwarden/host/command-line';

export const GATEWAY_OPTIONS = {
  ecosystem: {
    value: 'name',
    choices: ['npm', 'go', 'pypi', 'rubygems'],
    default: 'npm',
    description: 'whose clients it speaks to',
  },
  upstream: {
    value: 'address',
    description:
      'the registry behind it, https or http: of npm, a module proxy of go, an index of Python packages as --index-url has it, or a source of gems',
  },
  listen: {
    value: 'host:port',
    default: '127.0.0.1:4873',
    description: 'where to listen; port 0 takes a free one',
  },
  'public-url': {
    value: 'address',
    description:
      'what clients know the gateway by, for the addresses of archives; npm and pypi need it unless it listens on the loopback address',
  },
  'allow-host': {
    value: 'host',
    multiple: true,
    description:
      "another host that the registry's documents may name for archives; may be given several times",
  },
  'hide-refused': {
    description:
      'leave versions that are known to be rejected out of what the registry has (npm). Clients then take others without a word',
  },
  storage: {
    value: 'storage',
    description:
      'keep signed verdicts there, as `tarwarden-server verdicts serve` does: a folder, redis://HOST, s3+https://HOST/BUCKET',
  },
  key: {
    value: 'file',
    description: 'private key that signs them (`tarwarden keys generate`)',
  },
  'log-level': {
    value: 'level',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    description: 'what is logged to standard output, as JSON',
  },
} as const satisfies OptionDefinitions;

export const gateway: Described<typeof GATEWAY_OPTIONS> = {
  name: 'gateway',
  program: 'tarwarden-server',
  summary: 'inspect all that a registry sends',
  group: 'Servers',
  description: [
    'A reverse proxy in front of npmjs, Nexus, Artifactory, Verdaccio or GitHub Packages; with --ecosystem, in front of a module proxy of go, an index of Python packages or a source of gems. Each archive is inspected before its first byte is sent, what npm publishes before it reaches the registry. Clients get 403 and the reason.',
    "Your own policy file counts, and the keys that it pins. Credentials of clients are passed on to the registry's own host, and kept nowhere. It speaks http: put a proxy with TLS in front of it.",
  ],
  examples: [
    'tarwarden-server gateway --upstream https://registry.npmjs.org',
    'tarwarden-server gateway --upstream https://npm.example.com --hide-refused',
    'tarwarden-server gateway --ecosystem go --upstream https://proxy.golang.org',
    'tarwarden-server gateway --ecosystem pypi --upstream https://pypi.org/simple',
    'tarwarden-server gateway --ecosystem rubygems --upstream https://rubygems.org',
  ],
  arguments: [],
  options: GATEWAY_OPTIONS,
  exitCodes: [
    ['0', 'it was stopped'],
    [
      '2',
      'it cannot listen, would let a hostile archive pass, a policy file or key is wrong, or wrong usage',
    ],
  ],
};
