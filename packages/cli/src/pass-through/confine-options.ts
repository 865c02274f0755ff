import type { OptionDefinitions } from '@tarwarden/host/command-line';

/** Options of every command that runs a client. They come right behind its name. */
export const CONFINE_OPTIONS = {
  confine: {
    description:
      'Linux: have the kernel let the client write in the project, its own caches and a temporary folder only, and run the scripts of npm, pnpm, Yarn and bun without network and secrets',
  },
  'confine-write': {
    value: 'folders',
    multiple: true,
    description: 'folders that may be written as well, with commas between them',
  },
  'confine-env': {
    value: 'names',
    multiple: true,
    description: 'variables that scripts get as well, with commas between them',
  },
  hide: {
    value: 'paths',
    multiple: true,
    description: 'files and folders whose contents may not be read, with commas between them',
  },
} as const satisfies OptionDefinitions;
