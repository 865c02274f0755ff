import type { OptionDefinitions } from '@tarwarden/host/command-line';

/** Options of every command that runs a client. They come right behind its name. */
export const CONFINE_OPTIONS = {
  confine: {
    description:
      'Linux: let the package manager write only in the project, its own caches and a temporary folder. Scripts of packages that npm, pnpm, Yarn and bun run get no network and no secrets',
  },
  'confine-write': {
    value: 'folders',
    multiple: true,
    description: 'allow it to write in these folders as well, separated by commas',
  },
  'confine-env': {
    value: 'names',
    multiple: true,
    description: 'give these variables to the scripts as well, separated by commas',
  },
  hide: {
    value: 'paths',
    multiple: true,
    description: 'let nothing read the contents of these files and folders, separated by commas',
  },
} as const satisfies OptionDefinitions;
