import type { Described, OptionDefinitions } from '@tarwarden/host/command-line';

export const GATEWAY_OPTIONS = {
  config: {
    value: 'file',
    description:
      'the configuration file (server.yaml). It replaces all other options but --log-level, and can describe several registries',
  },
  check: {
    description: 'with --config, check the file and the files that it names, and stop',
  },
  ecosystem: {
    value: 'name',
    choices: ['npm', 'go', 'pypi', 'rubygems'],
    description: 'the package managers that the gateway serves (default: "npm")',
  },
  upstream: {
    value: 'address',
    description:
      'the registry, with https or http: an npm registry, a module proxy of go, an index of Python packages as in --index-url, or a server of gems',
  },
  listen: {
    value: 'host:port',
    description:
      'the address to listen on (default: "127.0.0.1:4873"). With port 0, the system chooses a free port',
  },
  'public-url': {
    value: 'address',
    description:
      'the address that clients use. The gateway writes it into documents that contain addresses of archives. npm and pypi need it unless the gateway listens on a loopback address',
  },
  'tls-certificate': {
    value: 'file',
    description:
      'a PEM file with the certificate of the server and those of its issuers. The gateway then uses https, and reads the file again when it changes',
  },
  'tls-key': {
    value: 'file',
    description: 'a PEM file with the private key of the certificate',
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
  'trusted-proxy': {
    value: 'network',
    multiple: true,
    description:
      'the address or network of a proxy in front of the gateway, such as 10.0.0.0/8. The gateway believes its X-Forwarded-For, X-Request-Id and traceparent. You can repeat the option',
  },
  drain: {
    value: 'seconds',
    description:
      'after SIGTERM, how long the gateway still answers new requests while `readyz` answers 503, so that a load balancer notices (default: 5)',
  },
  'access-log': {
    value: 'on',
    choices: ['on', 'off'],
    description:
      'whether to log each request (default: on). Refusals and failures are logged in both cases',
  },
  cache: {
    value: 'storage',
    description:
      'where to keep accepted archives and served documents, which clients get when the registry does not answer: a folder or s3+https://HOST/BUCKET',
  },
  'cache-bytes': {
    value: 'size',
    description: 'the most bytes of a cache in a folder, such as 50GiB. Without it: 10GiB',
  },
  'stale-if-error': {
    value: 'time',
    description:
      'how long the gateway serves a document after the registry has stopped answering, such as 90m or 7d. Without it: 24h',
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
  people: {
    value: 'file',
    description:
      'with --approvals, the file of people with roles and tokens (`tarwarden-server people add`)',
  },
  'log-level': {
    value: 'level',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    description:
      'the lowest level of the lines in the log (default: "info"). The log is JSON on standard output',
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
    "The gateway uses your own policy file and the keys that it pins. It sends credentials of clients to the registry's own host only, and does not store them. Without a certificate, it uses HTTP without encryption: put a proxy with TLS in front of it.",
    'The gateway reads the configuration file again when it changes, and at SIGHUP. An invalid file changes nothing and is reported in the log. If HTTPS_PROXY, HTTP_PROXY and NO_PROXY are set, the gateway asks registries through these proxies.',
  ],
  examples: [
    'tarwarden-server gateway --upstream https://registry.npmjs.org',
    'tarwarden-server gateway --upstream https://npm.example.com --hide-refused',
    'tarwarden-server gateway --upstream https://npm.example.com --cache /srv/cache',
    'tarwarden-server gateway --config /etc/tarwarden/server.yaml',
    'tarwarden-server gateway --config /etc/tarwarden/server.yaml --check',
    'tarwarden-server gateway --ecosystem go --upstream https://proxy.golang.org',
    'tarwarden-server gateway --ecosystem pypi --upstream https://pypi.org/simple',
    'tarwarden-server gateway --ecosystem rubygems --upstream https://rubygems.org',
  ],
  arguments: [],
  options: GATEWAY_OPTIONS,
  exitCodes: [
    ['0', 'you stopped the gateway, or the checked configuration is valid'],
    [
      '2',
      'the gateway cannot listen or would let a hostile archive pass, the configuration, a policy file or a key is invalid, or wrong usage',
    ],
  ],
};
