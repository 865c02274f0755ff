import {
  reporterOptions,
  type Described,
  type OptionDefinitions,
} from '@tarwarden/host/command-line';

export const VERDICTS_OPTIONS = {
  key: {
    value: 'file',
    description: 'push, export: the private key that signs (`tarwarden keys generate`)',
  },
  out: {
    value: 'file',
    description: 'export: write the verdicts to this file. An existing file is replaced',
  },
  url: {
    value: 'address',
    description:
      'push, pull: the address of the store, instead of the one in your policy file or in TARWARDEN_VERDICTS_URL',
  },
  summaries: {
    value: 'uri',
    description:
      'export: write SLSA verification summaries for admission controllers instead of verdicts. They name this URI as the verifier. tarwarden itself does not read them',
  },
  offline: {
    description:
      'push, export: download nothing, and inspect only the archives that caches and the project have',
  },
  ...reporterOptions('text', 'json'),
} as const satisfies OptionDefinitions;

export const verdicts: Described<typeof VERDICTS_OPTIONS> = {
  name: 'verdicts',
  summary: 'sign verdicts, store them, and fetch them on other machines',
  group: 'Shared verdicts',
  description: [
    '"push" inspects every package that lockfiles name, signs each verdict, and sends it to a store. "export" writes the signed verdicts to a file instead. Both need the private key.',
    '"pull" fetches the verdicts of every package that lockfiles name from a store. "import" reads them from files. The guard uses a verdict instead of an inspection of its own if your policy file contains the key that signed it, and if it was made for the rules and the policy of this machine. Otherwise the guard inspects the archive itself.',
    'The store is a program of another package: `tarwarden-server verdicts serve`.',
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
      description: 'the task',
      choices: ['push', 'export', 'pull', 'import'],
    },
    {
      syntax: '[path...]',
      complete: 'files',
      description:
        'push, export, pull: lockfiles, or folders that contain lockfiles (default: the current folder). import: files with verdicts',
    },
  ],
  options: VERDICTS_OPTIONS,
  exitCodes: [
    ['0', 'the verdicts were signed, stored or fetched'],
    [
      '1',
      'push, export: a package was rejected. Its verdict is signed like those of the other packages',
    ],
    [
      '2',
      'a file, key or policy cannot be read, a store does not answer, a package was not inspected (and its verdict is not signed), or wrong usage',
    ],
  ],
};
