import type { Described } from '@tarwarden/guard/command-line';

export const definition = {
  name: 'gateway',
  program: 'tarwarden-server',
  summary: 'inspect every archive that a registry sends',
  group: 'Servers',
  firstScreen: 1,
  description: [
    'Starts a reverse proxy in front of npmjs, Nexus, Artifactory, Verdaccio or GitHub Packages. With --ecosystem, the registry is a module proxy of go, an index of Python packages or a server of gems. The gateway inspects each archive before it sends the first byte, and each npm publication before the registry gets it. If the gateway rejects an archive, clients get the status 403 and the reason.',
    "The gateway uses the policy file that you name, or your own. An exception in this file lets its archive pass, and each use is logged. The gateway sends credentials of clients to the registry's own host only, and does not store them. Without a certificate in server.yaml, it uses HTTP without encryption: put a proxy with TLS in front of it.",
    'The gateway reads the configuration file and the policy file again when they change, and the configuration also at SIGHUP. An invalid file changes nothing and is reported in the log. If HTTPS_PROXY, HTTP_PROXY and NO_PROXY are set, the gateway asks registries through these proxies.',
  ],
  examples: [
    'tarwarden-server gateway --upstream https://registry.npmjs.org',
    'tarwarden-server gateway --upstream https://npm.example --policy policy.json',
    'tarwarden-server gateway --upstream https://npm.example.com --cache /srv/cache',
    'tarwarden-server gateway --config /etc/tarwarden/server.yaml',
    'tarwarden-server gateway --config /etc/tarwarden/server.yaml --check',
    'tarwarden-server gateway --ecosystem go --upstream https://proxy.golang.org',
    'tarwarden-server gateway --ecosystem pypi --upstream https://pypi.org/simple',
    'tarwarden-server gateway --ecosystem rubygems --upstream https://rubygems.org',
  ],
  arguments: [],
  options: {
    config: {
      value: 'file',
      description:
        'the configuration file (server.yaml), which can set more than the other options. Only --log-level can be used with it',
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
    cache: {
      value: 'storage',
      description:
        'where to keep accepted archives and served documents, which clients get when the registry does not answer: a folder or s3+https://HOST/BUCKET',
    },
    policy: {
      value: 'file',
      description:
        "the policy file, which the gateway reads again when it changes (default: the user's own)",
    },
    'log-level': {
      value: 'level',
      choices: ['debug', 'info', 'warn', 'error', 'silent'],
      description:
        'the lowest level of the lines in the log (default: "info"). The log is JSON on standard output',
    },
  },
  exitCodes: {
    '0': 'you stopped the gateway, or the checked configuration is valid',
    '2': 'the gateway cannot listen or would let a hostile archive pass, the configuration or the policy file is invalid, or wrong usage',
  },
} as const satisfies Described;
