import type { PassThroughCommand } from '@tarwarden/host/command-line';
import { CONFINE_OPTIONS } from './confine-options.ts';
import { RUBY_EXIT_CODES } from './gem.ts';

export const bundle: PassThroughCommand = {
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
  passOn: async (args, mainUrl) => (await import('../ruby/ruby.ts')).ruby('bundle', args, mainUrl),
};
