import type { Described } from '@tarwarden/host/command-line';
import { CONFINE_OPTIONS } from '../../pass-through/confine-options.ts';

const EXIT_CODES: Described['exitCodes'] = [
  ['1', 'the guard refused a package, and pnpm itself did not fail'],
  ['2', 'the command line of tarwarden is wrong'],
  ['97', 'tarwarden did not run pnpm: it cannot guard or confine this pnpm or the task'],
  ['98', 'pnpm ran without the guard'],
  ['127', 'there is no pnpm on the PATH'],
  ['other', 'the exit code of pnpm'],
];

const GUARD =
  'tarwarden inspects each package before pnpm links it. No file of a repository can replace this guard or switch it off, and it leaves no trace in the lockfile. If a project asks for another version of pnpm, pnpm does not download that version: it prints which version the project asks for, and stops.';

export const pnpm: Described = {
  name: 'pnpm',
  summary: 'run pnpm with the guard',
  group: 'Package managers, guarded',
  description: [
    `Runs the real pnpm with the guard. ${GUARD}`,
    'tarwarden passes all arguments to pnpm unchanged. Before the command of pnpm, it accepts only options that pnpm has there, such as --filter, -r, -C and --config.NAME=VALUE. After a leading "--", it checks nothing.',
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
  summary: 'run pnpx ("pnpm dlx") with the guard',
  group: 'Package managers, guarded',
  description: [
    `Runs "pnpm dlx" with the guard. ${GUARD}`,
    'tarwarden passes all arguments to pnpm unchanged. Before the name of the package, it accepts only options that pnpx has. After a leading "--", it checks nothing.',
  ],
  usage: ['[--] [option...] <package> [argument...]'],
  examples: ['tarwarden pnpx create-something', 'tarwarden pnpx -- --help'],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: EXIT_CODES,
};
