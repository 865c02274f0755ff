import type { Described } from '@tarwarden/host/command-line';
import { CONFINE_OPTIONS } from '../../pass-through/confine-options.ts';

const RUBY_EXIT_CODES: Described['exitCodes'] = [
  ['1', 'a gem was refused'],
  ['2', 'wrong usage of tarwarden'],
  ['97', 'this RubyGems or Bundler cannot be guarded or confined'],
  ['98', 'the program ran without the guard'],
  ['127', 'there is no program of that name on the PATH'],
  ['other', "the program's own"],
];

export const gem: Described = {
  name: 'gem',
  summary: 'run gem, guarded',
  group: 'Package managers, guarded',
  description: [
    'Runs the real gem, guarded. Each gem is inspected before it is kept, unpacked, built or installed. A rejected one stops gem.',
    'Everything goes to gem unchanged; behind a leading "--" also --help.',
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
  summary: 'run Bundler, guarded',
  group: 'Package managers, guarded',
  description: [
    'Runs the real Bundler, guarded, and Ruby programs that it starts. Each gem is inspected before it is kept, unpacked, built or installed, also plugins. A rejected one stops Bundler.',
    'Everything goes to bundle unchanged; behind a leading "--" also --help.',
  ],
  usage: ['[--] [command] [argument...]'],
  examples: ['tarwarden bundle install', 'tarwarden bundle -- --help'],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: RUBY_EXIT_CODES.map(([code, meaning]) =>
    code === '1' ? ['1 or 19', meaning] : [code, meaning],
  ),
};
