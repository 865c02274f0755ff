import { quote } from '../../../../text/printable.ts';
import type { GemspecRule } from '../../gemspec-rule.ts';

export const gemspecDuplicateKey: GemspecRule = {
  kind: 'metadata',
  id: 'gemspec-duplicate-key',
  level: 'error',
  summary: 'The gemspec has a key twice',
  advice: {
    forUsers:
      'Do not install it: RubyGems uses the last value, and other tools may show you the first.',
    forPublishers: 'Build the gem with `gem build`, which writes each key once.',
  },
  check: ({ gemspec }, report) => {
    if (gemspec?.ok) for (const key of gemspec.repeated) report(quote(key));
  },
};
