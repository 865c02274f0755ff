import type { Described } from '@tarwarden/guard/command-line';
import { MANAGER_OPTION } from '../common-options.ts';

/** The shells whose profiles setup knows how to change. */
export const SETUP_SHELLS = ['bash', 'zsh', 'fish'] as const;

export const definition = {
  name: 'setup',
  summary: 'guard the package managers of this user, or of a CI job',
  group: 'Set-up',
  firstScreen: 1,
  printsData: true,
  description: [
    'Finds the package managers on the PATH, writes a shim for each into a folder of the user, and adds one line to the profile of the shell: in bash and zsh to two files, one for a new terminal and one for a login shell. The line puts the shims first on the PATH and loads completion. Setup asks before it changes anything.',
    'At the end, it starts a new shell and verifies there that each manager is guarded, as "tarwarden verify" does.',
    'In CI, it asks nothing and changes no profile. It puts the shims on the PATH of the later steps: on GitHub by $GITHUB_PATH, on Azure by a logging command, on CircleCI by $BASH_ENV. For other services, it prints the line that the job has to run, and nothing else, on standard output.',
    'It does not guard "python -m pip", unless you name python and python3 with --manager: every start of Python would then go through the guard.',
  ],
  examples: [
    'tarwarden setup',
    'tarwarden setup --dry-run',
    'tarwarden setup --yes --manager npm --manager npx',
    'tarwarden setup --undo',
  ],
  arguments: [],
  options: {
    manager: {
      ...MANAGER_OPTION,
      description:
        'guard only this one, and the command that belongs to it, as npx to npm, if that is on the PATH; may be given several times (default: each one that is on the PATH, except python and python3)',
    },
    shell: {
      value: 'name',
      choices: SETUP_SHELLS,
      description:
        'change the profile of this shell, also in CI (default: the shell that $SHELL names)',
    },
    yes: { description: 'change the files without asking' },
    'dry-run': { description: 'print what would be changed, and change nothing' },
    undo: { description: 'take out what setup has written, and give each file its old bytes back' },
  },
  exitCodes: {
    '0': 'each manager is guarded in a new shell; or taken out by --undo; or shown by --dry-run',
    '1': 'a manager runs unguarded in a new shell; or you answered no',
    '2': 'nothing was changed, and the message says why; or a manager could not be tried; or wrong usage',
  },
} as const satisfies Described;
