import type { OptionDefinitions, ParsedCommand } from '../command-line/definition.ts';
import { COLOUR_OPTIONS } from './shared.ts';

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
      'instead of lockfiles, inspect what the caches of npm, Yarn, pnpm and bun have; what has no archive there is downloaded again, and compared',
  },
  ...COLOUR_OPTIONS,
} as const satisfies OptionDefinitions;

export const audit: ParsedCommand<typeof AUDIT_OPTIONS> = {
  name: 'audit',
  summary: 'inspect every package that a lockfile names',
  group: 'Archives',
  description: [
    'Inspects every package that a lockfile names, each once: from the caches of npm and Yarn, else from the registry.',
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
      description: 'a lockfile, or a folder with lockfiles; the current folder unless given',
    },
  ],
  options: AUDIT_OPTIONS,
  exitCodes: [
    ['0', 'every package was inspected and accepted'],
    [
      '1',
      'a package was rejected, or its entry names another host or package, whatever else happened',
    ],
    [
      '2',
      'nothing was rejected, but something could not be inspected: a lockfile of an unknown version, an entry without integrity, bytes that cannot be had; or there is no lockfile, or the command line, a policy file or a file of settings is wrong',
    ],
  ],
  run: async (call) => (await import('../audit/audit.ts')).auditCommand(call),
};
