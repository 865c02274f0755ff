import {
  reporterOptions,
  type Described,
  type OptionDefinitions,
} from '@tarwarden/host/command-line';

export const DOCTOR_OPTIONS = {
  ...reporterOptions('text', 'json', 'ndjson', 'sarif', 'openvex'),
  'fail-on': {
    value: 'urgency',
    choices: ['high', 'medium', 'low', 'none'],
    default: 'low',
    description: 'end with 1 or 2 only because of holes that are at least this urgent',
  },
  strict: {
    description:
      'end with 2 also if it is unknown whether a hole is fixed, as in most programs of a distribution',
  },
  machine: {
    description:
      'count every program and library that was found, and not only those that the project here uses',
  },
  all: {
    description:
      'in text, show each hole in full, also those that may be fixed and those of programs that nothing here uses',
  },
  since: {
    value: 'file',
    description:
      'report only holes that are not in this file, which an earlier run with --json has written',
  },
  probe: {
    description:
      'also let each package manager and library unpack harmless archives in a temporary folder, and report which of them write outside their folder. This runs libraries in the node_modules of the folder',
  },
  verify: {
    description:
      'also show whether the guard is in npm, pnpm and yarn in each folder, as "tarwarden verify" does. This runs code of the project',
  },
  update: {
    description:
      'first fetch the advisories for the same packages from OSV (https://api.osv.dev), and keep them for later runs',
  },
  'update-from': {
    value: 'url',
    description: 'fetch the advisories from this mirror of OSV instead',
  },
} as const satisfies OptionDefinitions;

export const doctor: Described<typeof DOCTOR_OPTIONS> = {
  name: 'doctor',
  summary: 'find programs here that unpack archives and have known holes',
  group: 'Set-up',
  firstScreen: 7,
  description: [
    'Compares the package managers on the PATH, the libraries that they unpack with, and the extraction libraries in the lockfiles of a folder with advisory records that come with tarwarden. Without --update, doctor uses no network.',
    'For each hole, prints whether a package can reach it during its installation, and which version has no such hole. doctor does not run programs of the folder.',
    'Reads settings of npm, pnpm and Yarn that keep hostile packages out (install scripts, new versions, git and URL dependencies). Prints which of them are off, and the line that switches each on. This is advice, and does not change the exit code.',
    'The version of a package of the distribution does not show which holes are fixed. In Debian, doctor reads the changelog of the package; otherwise the result is unknown. Unknown results come last.',
  ],
  examples: [
    'tarwarden doctor',
    'tarwarden doctor --fail-on high --since last.json',
    'tarwarden doctor --probe',
    'tarwarden doctor --verify ~/project',
    'tarwarden doctor --update',
    'tarwarden doctor --reporter openvex > vex.json',
  ],
  arguments: [
    {
      syntax: '[folder...]',
      complete: 'folders',
      description: 'folders whose lockfiles and settings are read (default: the current one)',
    },
  ],
  options: DOCTOR_OPTIONS,
  exitCodes: [
    [
      '0',
      'no known hole, or none that is urgent enough for --fail-on, in programs that are used here; without --strict, also where it is unknown whether one is fixed',
    ],
    [
      '1',
      'a known hole, urgent enough for --fail-on; or with --probe, something wrote outside its folder; or with --verify, a manager ran unguarded',
    ],
    [
      '2',
      'none of those, but something could not be looked at or, with --verify, shown; or with --strict, it is unknown whether a hole is fixed; or an update failed, and nothing was looked at; or wrong usage',
    ],
  ],
};
