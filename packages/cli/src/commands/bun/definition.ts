import type { Described } from '@tarwarden/host/command-line';
import { CONFINE_OPTIONS } from '../../pass-through/confine-options.ts';

const EXIT_CODES: Described['exitCodes'] = [
  ['1', 'a package was refused, where bun itself did not fail'],
  ['2', 'wrong usage of tarwarden'],
  [
    '97',
    'this bun, its settings, or what it was asked to do cannot be guarded or confined; it was not run',
  ],
  ['98', 'bun unpacked packages without asking the guard'],
  ['127', 'there is no bun on the PATH'],
  ['other', "bun's own"],
];

export const bun: Described = {
  name: 'bun',
  summary: 'run bun, guarded',
  group: 'Package managers, guarded',
  description: [
    'Runs the real bun with a security scanner, which has each package inspected before bun installs it, and a cache of its own, in which bun finds what was inspected. A rejected package stops bun.',
    'Everything goes to bun unchanged. An option before the command that bun is not known to have is an error. Behind a leading "--" nothing is checked.',
  ],
  usage: ['[--] <command> [argument...]'],
  examples: ['tarwarden bun install --frozen-lockfile', 'tarwarden bun add left-pad'],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: EXIT_CODES,
};

export const bunx: Described = {
  name: 'bunx',
  summary: 'run bunx, guarded',
  group: 'Package managers, guarded',
  description: [
    'Runs the real bunx, guarded. Each package that bunx is about to install is inspected first; a rejected one stops it.',
    'Everything goes to bunx unchanged. An option before the package that bunx is not known to have is an error. Behind a leading "--" nothing is checked.',
  ],
  usage: ['[--] [option...] <package> [argument...]'],
  examples: ['tarwarden bunx create-something', 'tarwarden bunx -- --help'],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: EXIT_CODES,
};
