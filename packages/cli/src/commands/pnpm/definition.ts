import type { Described } from '@tarwarden/host/command-line';
import { CONFINE_OPTIONS } from '../../pass-through/confine-options.ts';

const EXIT_CODES: Described['exitCodes'] = [
  ['1', 'a package was refused, where pnpm itself did not fail'],
  ['2', 'wrong usage of tarwarden'],
  ['97', 'this pnpm, or what it was asked to do, cannot be guarded or confined; it was not run'],
  ['98', 'pnpm ran without the guard'],
  ['127', 'there is no pnpm on the PATH'],
  ['other', "pnpm's own"],
];

const GUARD =
  'Each package is inspected before pnpm links it. The hook that does so is set where no file of a repository can replace it or switch it off, and leaves no trace in the lockfile. pnpm does not download another version of itself for a project that names one: it reports which version the project wants, and stops.';

export const pnpm: Described = {
  name: 'pnpm',
  summary: 'run pnpm, guarded',
  group: 'Package managers, guarded',
  description: [
    `Runs the real pnpm, guarded. ${GUARD}`,
    'Everything goes to pnpm unchanged. An option before the command that pnpm is not known to have there (as --filter, -r, -C, --config.NAME=VALUE) is an error. Behind a leading "--" nothing is checked.',
  ],
  usage: ['[--] [option...] <command> [argument...]'],
  examples: [
    'tarwarden pnpm install --frozen-lockfile',
    'tarwarden pnpm --confine install --frozen-lockfile',
    'tarwarden pnpm -- --help',
  ],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: EXIT_CODES,
};

export const pnpx: Described = {
  name: 'pnpx',
  summary: 'run pnpx, which is "pnpm dlx", guarded',
  group: 'Package managers, guarded',
  description: [
    `Runs "pnpm dlx", guarded. ${GUARD}`,
    'Everything goes to pnpm unchanged. An option before the package that pnpx is not known to have is an error. Behind a leading "--" nothing is checked.',
  ],
  usage: ['[--] [option...] <package> [argument...]'],
  examples: ['tarwarden pnpx create-something', 'tarwarden pnpx -- --help'],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: EXIT_CODES,
};
