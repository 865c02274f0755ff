import type { PassThroughCommand } from '@tarwarden/host/command-line';
import { CONFINE_OPTIONS } from './confine-options.ts';

export const RUBY_EXIT_CODES: PassThroughCommand['exitCodes'] = [
  ['1', 'a gem was refused'],
  ['2', 'wrong usage of tarwarden'],
  ['97', 'this RubyGems or Bundler cannot be guarded or confined'],
  ['98', 'the program ran without the guard'],
  ['127', 'there is no program of that name on the PATH'],
  ['other', "the program's own"],
];

export const gem: PassThroughCommand = {
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
  passOn: async (args, mainUrl) => (await import('../ruby/ruby.ts')).ruby('gem', args, mainUrl),
};
