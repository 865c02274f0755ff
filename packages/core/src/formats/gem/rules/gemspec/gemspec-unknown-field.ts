import { quote } from '../../../../text/printable.ts';
import type { GemspecRule } from '../../gemspec-rule.ts';

export const gemspecUnknownField: GemspecRule = {
  kind: 'metadata',
  id: 'gemspec-unknown-field',
  level: 'error',
  summary: 'The gemspec has a field that RubyGems does not write',
  advice: {
    forUsers:
      'Do not install it, and report it to the source: the gem sets a value that RubyGems normally computes itself.',
    forPublishers: 'Take the field out, and build the gem with `gem build`.',
  },
  check: ({ gemspec }, report) => {
    if (gemspec?.ok) for (const field of gemspec.unknown) report(quote(field));
  },
};
