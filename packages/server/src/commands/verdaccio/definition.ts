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
      'an address to listen on, in the form that verdaccio uses, instead of the one in the configuration: 4873, 0.0.0.0:4873, https://[::1]:4873, unix:/path. You can repeat the option',
  },
  verdaccio: {
    value: 'folder',
    description:
      'the folder of the verdaccio to start. By default, the verdaccio that is installed for the folder of the configuration, or else beside tarwarden-server',
  },
} as const satisfies OptionDefinitions;

export const verdaccio: Described<typeof VERDACCIO_OPTIONS> = {
  name: 'verdaccio',
  program: 'tarwarden-server',
  summary: 'start your verdaccio with the gateway in front of it',
  group: 'Servers',
  firstScreen: 2,
  description: [
    'Starts the verdaccio 6 that you have installed. The gateway inspects each tarball before it sends the first byte, and each publication before verdaccio gets it. verdaccio itself still does the sign-in, access rules, uplinks and caches.',
    'When it starts, the command requests a hostile package from itself. It listens only if the gateway refuses that package. Otherwise it ends and serves nothing.',
    'The gateway uses your own policy file. Its settings are in verdaccio’s configuration, under `middlewares: tarwarden:`.',
  ],
  examples: [
    'tarwarden-server verdaccio --config /etc/verdaccio/config.yaml',
    'tarwarden-server verdaccio --config ./config.yaml --listen 127.0.0.1:4873',
  ],
  arguments: [],
  options: VERDACCIO_OPTIONS,
  exitCodes: [
    ['0', 'you stopped verdaccio'],
    [
      '2',
      'verdaccio would serve a hostile archive, the plugin or verdaccio fails to start, it cannot listen, a policy file or the configuration is invalid, or wrong usage',
    ],
  ],
};
