import type { Described } from '@tarwarden/host/command-line';
import { CONFINE_OPTIONS } from '../../pass-through/confine-options.ts';

const RUBY_EXIT_CODES: Described['exitCodes'] = [
  ['1', 'the guard refused a gem'],
  ['2', 'the command line of tarwarden is wrong'],
  ['97', 'tarwarden cannot guard or confine this RubyGems or Bundler'],
  ['98', 'the program ran without the guard'],
  ['127', 'there is no program of this name on the PATH'],
  ['other', 'the exit code of the program'],
];

export const gem: Described = {
  name: 'gem',
  summary: 'run gem with the guard',
  group: 'Package managers, guarded',
  description: [
    'Runs the real gem with the guard. tarwarden inspects each gem before RubyGems stores, unpacks, builds or installs it. If the guard refuses a gem, RubyGems stops.',
    'tarwarden passes all arguments to gem unchanged. A first --help prints this help; after a leading "--", gem gets it as well.',
  ],
  usage: ['[--] <command> [argument...]'],
  examples: [
    'tarwarden gem install rack',
    'tarwarden gem --confine install rack',
    'tarwarden gem -- --help',
  ],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: RUBY_EXIT_CODES,
};

export const bundle: Described = {
  name: 'bundle',
  summary: 'run Bundler with the guard',
  group: 'Package managers, guarded',
  description: [
    'Runs the real Bundler with the guard, which is also in the Ruby programs that Bundler starts. tarwarden inspects each gem and each plugin before Bundler stores, unpacks, builds or installs it. If the guard refuses a gem, Bundler stops.',
    'tarwarden passes all arguments to bundle unchanged. A first --help prints this help; after a leading "--", bundle gets it as well.',
  ],
  usage: ['[--] [command] [argument...]'],
  examples: ['tarwarden bundle install', 'tarwarden bundle -- --help'],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: RUBY_EXIT_CODES.map(([code, meaning]) =>
    code === '1' ? ['1 or 19', meaning] : [code, meaning],
  ),
};
