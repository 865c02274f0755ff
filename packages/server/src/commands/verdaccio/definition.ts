import type { Described, OptionDefinitions } from '@tarwarden/host/command-line';

export const VERDACCIO_OPTIONS = {
  config: {
    value: 'file',
    description: "verdaccio's configuration, config.yaml",
  },
  listen: {
    value: 'place',
    multiple: true,
    description:
      'where to listen, as verdaccio writes it, instead of what the configuration says: 4873, 0.0.0.0:4873, https://[::1]:4873, unix:/path; may be given several times',
  },
  verdaccio: {
    value: 'folder',
    description:
      'folder of the verdaccio to start. By default, the one that is installed for the folder of the configuration, or else beside tarwarden-server',
  },
} as const satisfies OptionDefinitions;

export const verdaccio: Described<typeof VERDACCIO_OPTIONS> = {
  name: 'verdaccio',
  program: 'tarwarden-server',
  summary: 'start your verdaccio with the gateway in front of it',
  group: 'Servers',
  description: [
    'Starts the verdaccio 6 that you have installed. Each tarball is inspected before its first byte is sent, publications before verdaccio has them. Signing in, access rules, uplinks and caches are verdaccio’s.',
    'It listens once a hostile package was refused through all of it. If that is not so, it ends, and nothing is served.',
    'Your own policy file counts. Settings are in the configuration, under `middlewares: tarwarden:`.',
  ],
  examples: [
    'tarwarden-server verdaccio --config /etc/verdaccio/config.yaml',
    'tarwarden-server verdaccio --config ./config.yaml --listen 127.0.0.1:4873',
  ],
  arguments: [],
  options: VERDACCIO_OPTIONS,
  exitCodes: [
    ['0', 'it was stopped'],
    [
      '2',
      'it would let a hostile archive pass, the plugin or verdaccio fails to start, it cannot listen, a policy file or the configuration is wrong, or wrong usage',
    ],
  ],
};
