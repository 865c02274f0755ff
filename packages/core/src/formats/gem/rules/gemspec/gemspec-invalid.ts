import type { GemspecRule } from '../../gemspec-rule.ts';

export const gemspecInvalid: GemspecRule = {
  kind: 'metadata',
  id: 'gemspec-invalid',
  level: 'error',
  summary: 'The gemspec cannot be read as RubyGems reads it',
  advice: {
    forUsers:
      'Do not install it: RubyGems would not write such a gemspec, and may read it differently from tarwarden.',
    forPublishers: 'Build the gem with `gem build`, which writes the gemspec.',
  },
  check: ({ gemspec }, report) => {
    if (gemspec?.ok === false) report(gemspec.problem);
  },
};
