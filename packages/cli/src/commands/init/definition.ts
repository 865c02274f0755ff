import type { Described } from '@tarwarden/guard/command-line';

export const definition = {
  name: 'init',
  summary: 'guard a project for everyone who works on it',
  group: 'Set-up',
  printsData: ['dry-run'],
  description: [
    'Finds the package managers of the project around a folder, and writes the guard into the project: for Yarn a plugin, which .yarnrc.yml names; for pnpm a hook in .tarwarden, which .pnpmfile.cjs loads. If the project has hooks of its own in its pnpmfile, both run. Every other byte of a file stays as it is, and no lockfile changes.',
    'A project has no place for the guard of npm, Yarn 1, bun, pip, gem, bundle and go. Each person guards these by "tarwarden setup". Init writes nothing outside the project.',
    'Init asks git whether it ignores the new files, and says how to commit them all the same. It prints what a CI job of the project runs. At the end, it tries each manager as "tarwarden verify" does. Run it again at any time: it changes only what is not as it should be.',
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
  options: {
    manager: {
      value: 'name',
      choices: ['npm', 'pnpm', 'yarn', 'bun', 'pip', 'gem', 'bundle', 'go'],
      multiple: true,
      description:
        'set up only this package manager. You can repeat the option (default: the package managers whose files the project has)',
    },
    undo: {
      description:
        'remove what init wrote, and give each file its old bytes back; nothing is removed if it was changed since',
    },
    'dry-run': {
      description: 'change and run nothing, and print the changes that init would make',
    },
  },
  exitCodes: {
    '0': 'init did all that it can do in this project, and each guard in the project works; or undone. A manager that "tarwarden setup" has to guard does not count',
    '1': 'a manager ran unguarded, although its guard is in the project',
    '2': 'a step is left to do by hand, which is printed: git ignores a file, a file could not be changed, or a manager has no guard or could not be tried; or wrong usage',
  },
} as const satisfies Described;
