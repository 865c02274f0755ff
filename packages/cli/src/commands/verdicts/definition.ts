import type { OptionDefinitions, Described } from '@tarwarden/host/command-line';

export const VERDICTS_OPTIONS = {
  key: {
    value: 'file',
    description: 'push, export: private key that signs (`tarwarden keys generate`)',
  },
  out: {
    value: 'file',
    description: 'export: file for the set; it is replaced',
  },
  url: {
    value: 'address',
    description:
      'push, pull: the store, instead of the one that your policy file or TARWARDEN_VERDICTS_URL names',
  },
  summaries: {
    value: 'uri',
    description:
      'export: write SLSA verification summaries for admission controllers instead of verdicts, by a verifier of this URI. tarwarden itself does not read them',
  },
  offline: {
    description: 'push, export: download nothing: inspect what caches and the project have',
  },
} as const satisfies OptionDefinitions;

export const verdicts: Described<typeof VERDICTS_OPTIONS> = {
  name: 'verdicts',
  summary: 'share what was inspected: sign, store, fetch',
  group: 'Shared verdicts',
  description: [
    '"push" inspects what lockfiles name, signs each verdict and stores it; "export" writes them to a file instead. Both need the private key.',
    '"pull" asks the store for the verdicts of all that lockfiles name, 500 in a question; "import" takes a file. What is signed by a key that your policy file pins, and for the rules and the policy that hold here, is used instead of inspecting. Anything else is as if it were absent.',
    'A store is another program: `tarwarden-server verdicts serve`.',
  ],
  examples: [
    'tarwarden verdicts push --key verdicts.pem --url https://verdicts.example.com/',
    'tarwarden verdicts pull',
    'tarwarden verdicts export --key verdicts.pem --out set.ndjson packages/app',
    'tarwarden verdicts import set.ndjson',
  ],
  usage: [
    'push --key FILE [--url ADDRESS] [path...]',
    'export --key FILE --out FILE [path...]',
    'pull [--url ADDRESS] [path...]',
    'import <file...>',
  ],
  arguments: [
    {
      syntax: '<action>',
      description: 'what to do',
      choices: ['push', 'export', 'pull', 'import'],
    },
    {
      syntax: '[path...]',
      complete: 'files',
      description:
        'push, export, pull: lockfiles, or folders with lockfiles (the current one unless given); import: files',
    },
  ],
  options: VERDICTS_OPTIONS,
  exitCodes: [
    ['0', 'done'],
    ['1', 'push, export: a package was rejected; its verdict is signed like the others'],
    [
      '2',
      'a file, key or policy cannot be read, a store does not answer, something was not inspected (and is not signed), or wrong usage',
    ],
  ],
};
