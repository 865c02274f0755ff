import type { Described, OptionDefinitions } from '@tarwarden/host/command-line';

export const GATEWAY_OPTIONS = {
  ecosystem: {
    value: 'name',
    choices: ['npm', 'go', 'pypi', 'rubygems'],
    default: 'npm',
    description: 'the clients that it serves',
  },
  upstream: {
    value: 'address',
    description:
      'the registry, https or http: an npm registry, a module proxy of go, an index of Python packages as in --index-url, or a server of gems',
  },
  listen: {
    value: 'host:port',
    default: '127.0.0.1:4873',
    description: 'the address to listen on; port 0 takes a free port',
  },
  'public-url': {
    value: 'address',
    description:
      'the address that clients use, which documents name for archives; npm and pypi need it unless the gateway listens on a loopback address',
  },
  'allow-host': {
    value: 'host',
    multiple: true,
    description:
      "another host from which the registry's documents may name archives; may be given several times",
  },
  'hide-refused': {
    description:
      'hide versions that are known to be rejected (npm). Clients then choose other versions without a message',
  },
  storage: {
    value: 'storage',
    description:
      'where to keep signed verdicts, for `tarwarden-server verdicts serve` too: a folder, redis://HOST, s3+https://HOST/BUCKET',
  },
  key: {
    value: 'file',
    description: 'the private key that signs verdicts (`tarwarden keys generate`)',
  },
  'log-level': {
    value: 'level',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    description: 'the level of the log, which is JSON on standard output',
  },
} as const satisfies OptionDefinitions;

export const gateway: Described<typeof GATEWAY_OPTIONS> = {
  name: 'gateway',
  program: 'tarwarden-server',
  summary: 'inspect every archive that a registry sends',
  group: 'Servers',
  description: [
    'A reverse proxy in front of npmjs, Nexus, Artifactory, Verdaccio or GitHub Packages; with --ecosystem, in front of a module proxy of go, an index of Python packages or a server of gems. The gateway inspects each archive before it sends the first byte, and each publication of npm before the registry gets it. For a rejected archive, clients get 403 and the reason.',
    "The gateway uses your own policy file and the keys that it pins. It sends credentials of clients to the registry's own host only, and does not store them. It speaks http: put a proxy with TLS in front of it.",
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
    ['0', 'the gateway was stopped'],
    [
      '2',
      'the gateway cannot listen or would let a hostile archive pass, a policy file or key is invalid, or wrong usage',
    ],
  ],
};
