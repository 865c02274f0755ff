import type { OptionDefinitions, Described } from '@tarwarden/host/command-line';

export const INIT_OPTIONS = {
  manager: {
    value: 'name',
    choices: ['npm', 'pnpm', 'yarn', 'bun', 'pip', 'gem', 'bundle', 'go'],
    multiple: true,
    description:
      'set up only this package manager. You can repeat the option (default: the package managers whose files the project has)',
  },
  undo: { description: 'take out again what init wrote; refused where it was changed since' },
  'dry-run': {
    description: 'change and run nothing, and print the changes that init would make',
  },
} as const satisfies OptionDefinitions;

export const init: Described<typeof INIT_OPTIONS> = {
  name: 'init',
  summary: "set up the guard of a project's package managers",
  group: 'Set-up',
  printsData: ['dry-run'],
  description: [
    'Finds the package managers of the project that the folder is in, and writes into it what guards everyone who works on it: for Yarn the plugin, named in .yarnrc.yml; for pnpm the hook in .tarwarden, handed on by .pnpmfile.cjs. Every other byte of a file stays as it is. No lockfile changes.',
    'For npm, bun, pip, gem, bundle and go there is no such place in a project: the commands that write shims are printed. So are the lines for the CI services of the project. Nothing outside the project is written.',
    'At the end it does what `tarwarden verify` does: the managers are run, with the pnpmfile and the Yarn of the project. Run it again at any time: it changes what is not as it should be, and nothing else.',
  ],
  examples: [
    'tarwarden init --dry-run',
    'tarwarden init',
    'tarwarden init --manager yarn ~/project',
    'tarwarden init --undo',
  ],
  arguments: [
    {
      syntax: '[dir]',
      complete: 'folders',
      description: 'a folder of the project (default: the current folder)',
    },
  ],
  options: INIT_OPTIONS,
  exitCodes: [
    [
      '0',
      'set up, and each manager is guarded; or undone; with --dry-run: nothing is left to do by hand',
    ],
    ['1', 'a manager ran unguarded, as npm does before its shims are on the PATH'],
    ['2', 'something is left to do by hand, or cannot be guarded or shown to be; or wrong usage'],
  ],
};
