import type { Described } from '@tarwarden/host/command-line';
import { CONFINE_OPTIONS } from '../../pass-through/confine-options.ts';

export const yarn: Described = {
  name: 'yarn',
  summary: 'run Yarn 1, 3 or 4, guarded',
  group: 'Package managers, guarded',
  description: [
    "Runs the real Yarn, guarded. To Yarn 3 and 4 a variable brings the plugin, whatever the project's .yarnrc.yml names: the project needs no plugin of its own, and may have one. Yarn 1.22 gets its guard by NODE_OPTIONS; which of them runs is decided as always.",
    'Everything goes to Yarn unchanged. An option before the command that Yarn is not known to have there (as --cwd, --silent, --no-progress) is an error. Behind a leading "--" nothing is checked.',
  ],
  usage: ['[--] [option...] <command> [argument...]'],
  examples: ['tarwarden yarn install --immutable', 'tarwarden yarn -- --help'],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: [
    ['1', 'a package was refused, where Yarn itself did not fail'],
    ['2', 'wrong usage of tarwarden'],
    [
      '97',
      'this Yarn cannot be guarded (Yarn 2, a Yarn 1 that is not known byte for byte), or not confined, and was not run',
    ],
    ['98', 'Yarn ran without the guard'],
    ['127', 'there is no yarn on the PATH'],
    ['other', "Yarn's own"],
  ],
};
