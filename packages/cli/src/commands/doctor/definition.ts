import type { OptionDefinitions, Described } from '@tarwarden/host/command-line';
import { COLOUR_OPTIONS } from '../common-options.ts';

export const DOCTOR_OPTIONS = {
  reporter: {
    value: 'reporter',
    choices: ['text', 'json', 'ndjson', 'sarif', 'openvex'],
    default: 'text',
    description:
      'show results as text for people, one JSON document, one JSON object a line, a SARIF log for code scanning, or an OpenVEX document',
  },
  'fail-on': {
    value: 'urgency',
    choices: ['high', 'medium', 'low', 'none'],
    default: 'low',
    description: 'end with 1 or 2 only for holes that are at least this urgent',
  },
  strict: {
    description:
      'end with 2 also where it is not known whether a hole is fixed, as of most programs of a distribution',
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
    description: 'report only what is not in this file, written earlier by --reporter json',
  },
  probe: {
    description:
      'also have each manager and library unpack harmless archives that try to write outside their folder, in a temporary folder, and report what it did; runs libraries of the folder’s node_modules',
  },
  verify: {
    description:
      'also do what "tarwarden verify" does for npm, pnpm and yarn in each folder: show whether the guard is in them; runs code that the project has its managers load',
  },
  update: {
    description:
      'first ask OSV (https://api.osv.dev) for what it knows of the same packages, and keep that for later runs',
  },
  'update-from': {
    value: 'url',
    description: 'the same, from a mirror of OSV’s API',
  },
  ...COLOUR_OPTIONS,
} as const satisfies OptionDefinitions;

export const doctor: Described<typeof DOCTOR_OPTIONS> = {
  name: 'doctor',
  summary: 'find known holes in what unpacks archives here',
  group: 'Set-up',
  description: [
    'Compares the package managers on the PATH, the libraries that they unpack with, and the extraction libraries in the lockfiles of a folder with advisory records that come with tarwarden. Uses no network without --update.',
    'Says of each hole whether a package reaches it while it is installed, and what to upgrade to. Programs that lie in the folder are not run.',
    'Reads settings of npm, pnpm and Yarn that keep hostile packages out (install scripts, new versions, git and URL dependencies), says which are off, and which line switches each on. These are advice, and change no exit code.',
    'Where a file belongs to a package of the distribution, the version does not decide: Debian’s changelog does, else it is unknown. What is unknown comes last.',
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
