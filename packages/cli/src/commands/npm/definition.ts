import type { OptionDefinitions, Described } from '@tarwarden/host/command-line';
import { CONFINE_OPTIONS } from '../../pass-through/confine-options.ts';

/** The options with `--print-env`. All other arguments of these commands go to npm or npx. */
export const PRINT_ENV_OPTIONS = {
  'print-env': {
    description: 'print the variables that guard each npm of a shell, a CI job or an image',
  },
  shell: {
    value: 'shell',
    choices: ['posix', 'github', 'powershell', 'dotenv'],
    default: 'posix',
    description:
      'how to print them, with --print-env; "github" is an error that names what to use instead',
  },
} as const satisfies OptionDefinitions;

const EXIT_CODES: Described['exitCodes'] = [
  ['1', 'a package was refused, where npm itself did not fail'],
  ['2', 'wrong usage of tarwarden'],
  ['97', 'this npm cannot be guarded, or not confined, and was not run'],
  ['98', 'npm ran without the guard'],
  ['127', 'there is no npm on the PATH'],
  ['other', "npm's own"],
];

export const npm: Described = {
  name: 'npm',
  summary: 'run npm, guarded',
  group: 'Package managers, guarded',
  description: [
    'Runs the real npm, guarded. Each tarball that npm is about to unpack is inspected first; a rejected one stops npm.',
    `Everything from npm's command on goes to npm unchanged. Options before it are tarwarden's, except --version; an unknown one is an error. Everything behind a leading "--" is npm's.`,
    'What --print-env prints guards plain "npm" in a shell.',
  ],
  usage: ['[--] <command> [argument...]', '--print-env [--shell <shell>]'],
  examples: [
    'tarwarden npm ci',
    'tarwarden npm --confine ci',
    'tarwarden npm --confine --hide ~/.ssh,~/.aws run build',
    'tarwarden npm -- --prefix x ci',
    'tarwarden npm -- --help',
    'eval "$(tarwarden npm --print-env)"',
  ],
  arguments: [],
  options: { ...PRINT_ENV_OPTIONS, ...CONFINE_OPTIONS },
  exitCodes: EXIT_CODES,
};

export const npx: Described = {
  name: 'npx',
  summary: 'run npx, guarded',
  group: 'Package managers, guarded',
  description: [
    'Runs the real npx, guarded. Each tarball that npx is about to unpack is inspected first; a rejected one stops it.',
    'Everything goes to npx unchanged. An option before the package that npx is not known to have is an error. Behind a leading "--" nothing is checked.',
  ],
  usage: ['[--] [option...] <package> [argument...]'],
  examples: ['tarwarden npx create-something', 'tarwarden npx -- --help'],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: EXIT_CODES,
};
