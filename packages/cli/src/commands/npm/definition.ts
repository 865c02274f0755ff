import type { OptionDefinitions, Described } from '@tarwarden/host/command-line';
import { CONFINE_OPTIONS } from '../../pass-through/confine-options.ts';

/** The options with `--print-env`. All other arguments of these commands go to npm or npx. */
export const PRINT_ENV_OPTIONS = {
  'print-env': {
    description:
      'print the variable that guards each npm of a shell, a CI job or an image, instead of running npm',
  },
  shell: {
    value: 'shell',
    choices: ['posix', 'github', 'powershell', 'dotenv'],
    default: 'posix',
    description:
      'print the variable in the form of this shell. "github" is an error that names the command to use instead',
  },
} as const satisfies OptionDefinitions;

const EXIT_CODES: Described['exitCodes'] = [
  ['1', 'the guard refused a package, and npm itself did not fail'],
  ['2', 'the command line of tarwarden is wrong'],
  ['97', 'tarwarden did not run npm: it cannot guard or confine this npm'],
  ['98', 'npm ran without the guard'],
  ['127', 'there is no npm on the PATH'],
  ['other', 'the exit code of npm'],
];

export const npm: Described = {
  name: 'npm',
  summary: 'run npm with the guard',
  group: 'Package managers, guarded',
  description: [
    'Runs the real npm with the guard. The guard inspects each tarball before npm unpacks it. If the guard refuses a tarball, npm stops.',
    `tarwarden passes the command of npm, and everything after it, to npm unchanged. Options before this command are options of tarwarden, except --version; any other option there is an error. Everything after a leading "--" goes to npm.`,
    'To guard plain "npm" in a shell, evaluate the output of --print-env.',
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
  summary: 'run npx with the guard',
  group: 'Package managers, guarded',
  description: [
    'Runs the real npx with the guard. The guard inspects each tarball before npx unpacks it. If the guard refuses a tarball, npx stops.',
    'tarwarden passes all arguments to npx unchanged. Before the name of the package, it accepts only options that npx has. After a leading "--", it checks nothing.',
  ],
  usage: ['[--] [option...] <package> [argument...]'],
  examples: ['tarwarden npx create-something', 'tarwarden npx -- --help'],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: EXIT_CODES,
};
