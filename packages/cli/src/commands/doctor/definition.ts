import { reporterOptions, type Described } from '@tarwarden/guard/command-line';

export const definition = {
  name: 'doctor',
  summary: 'find programs here that unpack archives and have known holes',
  group: 'Set-up',
  firstScreen: 7,
  description: [
    'Compares the package managers on the PATH, the libraries that they unpack with, and the extraction libraries in the lockfiles of a folder with advisory records that come with tarwarden. doctor uses no network, and runs no program of the folder.',
    'For each hole, prints whether a package can reach it during its installation, and which version has no such hole.',
    'A Linux distribution fixes holes in its packages without changing their versions. So doctor lists a hole in a file of the distribution as one that may be fixed.',
  ],
  examples: [
    'tarwarden doctor',
    'tarwarden doctor --fail-on high',
    'tarwarden doctor --machine --json',
  ],
  arguments: [
    {
      syntax: '[folder...]',
      complete: 'folders',
      description: 'folders whose lockfiles are read (default: the current one)',
    },
  ],
  options: {
    ...reporterOptions('text', 'json'),
    'fail-on': {
      value: 'urgency',
      choices: ['high', 'medium', 'low', 'none'],
      default: 'low',
      description: 'end with 1 only because of holes that are at least this urgent',
    },
    machine: {
      description:
        'examine every package manager on the PATH, and not only those that the project here uses',
    },
  },
  exitCodes: {
    '0': 'no hole is known to be open, or none is urgent enough for --fail-on',
    '1': 'a known hole that is urgent enough for --fail-on is open',
    '2': 'no such hole, but something could not be examined; or wrong usage',
  },
} as const satisfies Described;
