import { withCodes } from '../../../../rules/table-rows.ts';
import { quote } from '../../../../text/printable.ts';
import type { GemspecRule } from '../../gemspec-rule.ts';

const unreadable = withCodes({
  id: 'gemspec-unreadable',
  level: 'error',
  summary: 'The gemspec cannot be read as RubyGems reads it',
  advice: {
    forUsers:
      'Do not install it: RubyGems would not write such a gemspec, and may read other values from it than tarwarden and other tools.',
    forPublishers: 'Build the gem with `gem build`, which writes the gemspec, and each key once.',
  },
});

export const gemspecDuplicateKey: GemspecRule = {
  ...unreadable('gemspec-duplicate-key', 'The gemspec has a key twice'),
  kind: 'metadata',
  check: ({ gemspec }, report) => {
    if (gemspec?.ok) for (const key of gemspec.repeated) report(quote(key));
  },
};

export const gemspecInvalid: GemspecRule = {
  ...unreadable('gemspec-invalid', 'The gemspec cannot be read as RubyGems reads it'),
  kind: 'metadata',
  check: ({ gemspec }, report) => {
    if (gemspec?.ok === false) report(gemspec.problem);
  },
};
