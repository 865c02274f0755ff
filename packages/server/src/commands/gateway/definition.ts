import type { Described, OptionDefinitions } from '@tarwarden/host/command-line';

export const GATEWAY_OPTIONS = {
  ecosystem: {
    value: 'name',
    choices: ['npm', 'go', 'pypi', 'rubygems'],
    default: 'npm',
    description: 'the package managers that the gateway serves',
  },
  upstream: {
    value: 'address',
    description:
      'the registry, with https or http: an npm registry, a module proxy of go, an index of Python packages as in --index-url, or a server of gems',
  },
  listen: {
    value: 'host:port',
    default: '127.0.0.1:4873',
    description: 'the address to listen on. With port 0, the system chooses a free port',
  },
  'public-url': {
    value: 'address',
    description:
      'the address that clients use. The gateway writes it into documents that contain addresses of archives. npm and pypi need it unless the gateway listens on a loopback address',
  },
  'allow-host': {
    value: 'host',
    multiple: true,
    description:
      "another host to which addresses of archives in the registry's documents may lead. You can repeat the option",
  },
  'hide-refused': {
    description:
      'leave versions whose archive was rejected out of the documents (npm). Clients then choose another version and print no message',
  },
  storage: {
    value: 'storage',
    description:
      'where to store signed verdicts, also for `tarwarden-server verdicts serve`: a folder, redis://HOST or s3+https://HOST/BUCKET',
  },
  key: {
    value: 'file',
    description: 'the private key that signs verdicts (`tarwarden keys generate`)',
  },
  trees: {
    description:
      'with --key, also sign tree digests, with which other machines can check unpacked files',
  },
  approvals: {
    value: 'ledger',
    description:
      'where to keep requests for exceptions and decisions about them: a folder, or postgres://HOST/DATABASE, also from TARWARDEN_APPROVALS',
  },
  'approvals-key': {
    value: 'file',
    description:
      'the private key that signs the list of approved exceptions, for guards (`tarwarden keys generate`)',
  },
  'log-level': {
    value: 'level',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    description: 'the lowest level of the lines in the log. The log is JSON on standard output',
  },
} as const satisfies OptionDefinitions;

export const gateway: Described<typeof GATEWAY_OPTIONS> = {
  name: 'gateway',
  program: 'tarwarden-server',
  summary: 'inspect every archive that a registry sends',
  group: 'Servers',
  firstScreen: 1,
  description: [
    'Starts a reverse proxy in front of npmjs, Nexus, Artifactory, Verdaccio or GitHub Packages. With --ecosystem, the registry is a module proxy of go, an index of Python packages or a server of gems. The gateway inspects each archive before it sends the first byte, and each npm publication before the registry gets it. If the gateway rejects an archive, clients get the status 403 and the reason.',
    "The gateway uses your own policy file and the keys that it pins. It sends credentials of clients to the registry's own host only, and does not store them. It uses HTTP without encryption: put a proxy with TLS in front of it.",
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
    ['0', 'you stopped the gateway'],
    [
      '2',
      'the gateway cannot listen or would let a hostile archive pass, a policy file or key is invalid, or wrong usage',
    ],
  ],
};
