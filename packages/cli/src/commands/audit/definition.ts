import type { OptionDefinitions, Described } from '@tarwarden/host/command-line';
import { COLOUR_OPTIONS } from '../common-options.ts';

export const AUDIT_OPTIONS = {
  reporter: {
    value: 'reporter',
    choices: ['text', 'json', 'ndjson', 'sarif'],
    default: 'text',
    description:
      'show results as text for people, one JSON document, one JSON object a line, or a SARIF log for code scanning',
  },
  offline: { description: 'download nothing: inspect what caches and the project have' },
  installed: {
    description:
      'also compare what is installed beside the lockfile with the archives, and look for links that leave their package',
  },
  cache: {
    description:
      'instead of lockfiles, inspect what the caches of npm, Yarn, pnpm, bun, go and RubyGems have; what has no archive there is downloaded again, and compared',
  },
  all: {
    description:
      'in text, show each package by itself, instead of those with the same problem together',
  },
  ...COLOUR_OPTIONS,
} as const satisfies OptionDefinitions;

export const audit: Described<typeof AUDIT_OPTIONS> = {
  name: 'audit',
  summary: 'inspect every package that a lockfile names',
  group: 'Archives',
  description: [
    'Inspects every package that a lockfile of npm, pnpm, Yarn, bun, pip, Bundler or go names, each once: from a cache that has the archive, else from its registry, index or proxy.',
    'Reports entries whose tarball is at a host that is not a configured registry, or is that of another package.',
  ],
  examples: [
    'tarwarden audit',
    'tarwarden audit --installed packages/app',
    'tarwarden audit --reporter sarif > audit.sarif',
    'tarwarden audit --cache --offline',
  ],
  arguments: [
    {
      syntax: '[path...]',
      complete: 'files',
      description:
        'a lockfile, or a folder with lockfiles, else those of the nearest folder above it in its project; the current folder unless given',
    },
  ],
  options: AUDIT_OPTIONS,
  exitCodes: [
    [
      '0',
      'every package was inspected and accepted, but for git dependencies that the policy accepts without an inspection',
    ],
    [
      '1',
      'a package was rejected, its entry names another host or package, or what is served is not what the lockfile pins, whatever else happened',
    ],
    [
      '2',
      'nothing was rejected, but something could not be inspected: a lockfile of an unknown version, an entry without integrity, bytes that cannot be had; or there is no lockfile, or the command line, a policy file or a file of settings is wrong',
    ],
  ],
};
