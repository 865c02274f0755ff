import type { Described } from '@tarwarden/guard/command-line';
import { MANAGER_OPTION } from '../common-options.ts';

export const definition = {
  name: 'shims',
  summary: 'write shims that run package managers with the guard',
  group: 'Set-up',
  printsData: true,
  description: [
    'Writes npm, npx, pnpm, pnpx, yarn and yarnpkg, or those that are named, into a folder for the front of the PATH. Each runs the program of its name that is behind it on the PATH through the command of tarwarden for it, or, where that is not possible, nothing.',
    'Prints the folder and nothing else, and to a person at a terminal, on standard error, what is left to do. Let "tarwarden verify" show that the shims work.',
  ],
  examples: [
    'tarwarden shims "$RUNNER_TEMP/tarwarden" >> "$GITHUB_PATH"',
    'tarwarden shims ~/.local/share/tarwarden/shims',
    'export PATH="$HOME/.local/share/tarwarden/shims:$PATH"',
  ],
  arguments: [
    {
      syntax: '<dir>',
      description: 'the folder; it is made if it does not exist',
      complete: 'folders',
    },
  ],
  options: {
    manager: {
      ...MANAGER_OPTION,
      description:
        'write only the shim of this program. You can repeat the option (default: npm, npx, pnpm, pnpx, yarn and yarnpkg)',
    },
  },
  exitCodes: {
    '0': 'the shims were written',
    '2': 'the folder is a link, or holds a file of such a name that is not one of ours; or wrong usage',
  },
} as const satisfies Described;
