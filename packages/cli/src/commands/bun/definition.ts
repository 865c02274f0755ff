import type { Described } from '@tarwarden/host/command-line';
import { CONFINE_OPTIONS } from '../../pass-through/confine-options.ts';

const EXIT_CODES: Described['exitCodes'] = [
  ['1', 'the guard refused a package, and bun itself did not fail'],
  ['2', 'the command line of tarwarden is wrong'],
  [
    '97',
    'tarwarden did not run bun: it cannot guard or confine this bun, its settings, or the task',
  ],
  ['98', 'bun unpacked packages without asking the guard'],
  ['127', 'there is no bun on the PATH'],
  ['other', 'the exit code of bun'],
];

export const bun: Described = {
  name: 'bun',
  summary: 'run bun with the guard',
  group: 'Package managers, guarded',
  description: [
    'Runs the real bun with the guard. bun has tarwarden inspect each package before it installs the package. If the guard refuses a package, bun stops.',
    'tarwarden passes all arguments to bun unchanged. Before the command of bun, it accepts only options that bun has there, so that a mistyped option is not ignored. After a leading "--", it checks nothing.',
  ],
  usage: ['[--] <command> [argument...]'],
  examples: ['tarwarden bun install --frozen-lockfile', 'tarwarden bun add left-pad'],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: EXIT_CODES,
};

export const bunx: Described = {
  name: 'bunx',
  summary: 'run bunx with the guard',
  group: 'Package managers, guarded',
  description: [
    'Runs the real bunx with the guard. The guard inspects each package before bunx installs it. If the guard refuses a package, bunx stops.',
    'tarwarden passes all arguments to bunx unchanged. Before the name of the package, it accepts only options that bunx has. After a leading "--", it checks nothing.',
  ],
  usage: ['[--] [option...] <package> [argument...]'],
  examples: ['tarwarden bunx create-something', 'tarwarden bunx -- --help'],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: EXIT_CODES,
};
