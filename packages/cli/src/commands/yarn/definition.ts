import type { Described } from '@tarwarden/host/command-line';
import { CONFINE_OPTIONS } from '../../pass-through/confine-options.ts';

export const yarn: Described = {
  name: 'yarn',
  summary: 'run Yarn 1, 3 or 4 with the guard',
  group: 'Package managers, guarded',
  description: [
    'Runs the real Yarn with the guard. tarwarden inspects each package before Yarn unpacks it. If the guard refuses a package, Yarn stops. tarwarden does not change which Yarn runs.',
    "Yarn 3 and 4 load tarwarden's plugin because of a variable, whatever the .yarnrc.yml of the project says. So the project needs no plugin of its own. Yarn 1.22 loads the guard because of NODE_OPTIONS.",
    'tarwarden passes all arguments to Yarn unchanged. Before the command of Yarn, it accepts only options that Yarn has there, such as --cwd, --silent and --no-progress. After a leading "--", it checks nothing.',
  ],
  usage: ['[--] [option...] <command> [argument...]'],
  examples: ['tarwarden yarn install --immutable', 'tarwarden yarn -- --help'],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: [
    ['1', 'the guard refused a package, and Yarn itself did not fail'],
    ['2', 'the command line of tarwarden is wrong'],
    [
      '97',
      'tarwarden did not run Yarn: it cannot confine it, or it cannot guard this Yarn, such as Yarn 2 or a Yarn 1 that it does not know byte for byte',
    ],
    ['98', 'Yarn ran without the guard'],
    ['127', 'there is no yarn on the PATH'],
    ['other', 'the exit code of Yarn'],
  ],
};
