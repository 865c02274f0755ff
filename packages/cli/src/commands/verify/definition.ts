import { reporterOptions, type Described } from '@tarwarden/guard/command-line';
import { CLIENTS } from '../common-options.ts';

export const definition = {
  name: 'verify',
  summary: 'show that the guard is in your package managers',
  group: 'Set-up',
  firstScreen: 2,
  description: [
    'Starts npm, npx, pnpm and yarn as they start if you type their names in this folder. Each of them installs two harmless packages. The guard has to refuse the first one and to accept the second one.',
    'The package managers run with your PATH, your variables and your settings, with the settings of this project that affect the guard, and with its pnpmfile or its Yarn plugins. So verify runs code of this project.',
    'pip, "python -m pip", gem, bundle, go and bun do the same with packages of their own kind, if a shim of tarwarden for them is on the PATH, or if you name them with --manager.',
    'All of this takes place in a temporary folder. The packages come from a registry on the loopback address, and nothing else is downloaded.',
  ],
  examples: [
    'tarwarden verify',
    'tarwarden verify --manager npm --manager npx',
    'tarwarden verify --json',
  ],
  arguments: [],
  options: {
    manager: {
      value: 'name',
      choices: CLIENTS.filter((name) => name !== 'pnpx' && name !== 'bunx'),
      multiple: true,
      description:
        'try only this package manager. You can repeat the option (default: npm, npx, pnpm and yarn if they are on the PATH, and the others that have a shim there)',
    },
    ...reporterOptions('text', 'json'),
  },
  exitCodes: {
    '0': 'the guard is in each package manager that was tried',
    '1': 'a package manager ran without the guard',
    '2': 'no package manager ran without the guard, but one of them showed nothing: it failed, is missing, or did not end; or the command line is wrong',
  },
} as const satisfies Described;
