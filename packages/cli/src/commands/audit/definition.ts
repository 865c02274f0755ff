import { reporterOptions, type Described } from '@tarwarden/guard/command-line';

export const definition = {
  name: 'audit',
  summary: 'inspect every package that a lockfile names',
  group: 'Archives',
  firstScreen: 6,
  description: [
    'Inspects every package that a lockfile of npm, pnpm, Yarn, bun, pip, Bundler or go names. The archives come from caches on this machine, and otherwise from the registry, index or proxy.',
    'Reports entries of a lockfile that name a host that is not a configured registry, or the archive of another package.',
  ],
  examples: [
    'tarwarden audit',
    'tarwarden audit packages/app',
    'tarwarden audit --reporter sarif > audit.sarif',
  ],
  arguments: [
    {
      syntax: '[path...]',
      complete: 'files',
      description:
        'a lockfile, or a folder with lockfiles, else those of the nearest folder above it in its project; the current folder unless given',
    },
  ],
  options: {
    ...reporterOptions('text', 'json', 'ndjson', 'sarif'),
    offline: {
      description:
        'download nothing, and inspect only the archives that caches and the project have',
    },
    all: {
      description:
        'in text, show each package by itself. By default, packages with the same problem are shown together',
    },
  },
  exitCodes: {
    '0': 'every package was inspected and accepted, but for git dependencies that the policy accepts without an inspection',
    '1': 'a package was rejected, a lockfile entry names another host or package, or a server or a cache has other bytes than the lockfile pins. This code is used even if something could not be inspected',
    '2': 'nothing was rejected, but something could not be inspected: a lockfile of an unknown version, an entry without integrity, or an archive that tarwarden cannot get. Or there is no lockfile, or the command line, a policy file or a file of settings is wrong',
  },
} as const satisfies Described;
