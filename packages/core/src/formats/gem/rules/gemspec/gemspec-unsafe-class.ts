import type { GemspecRule } from '../../gemspec-rule.ts';

export const gemspecUnsafeClass: GemspecRule = {
  kind: 'metadata',
  id: 'gemspec-unsafe-class',
  level: 'error',
  summary: 'The gemspec contains a value of a class or type that RubyGems does not write there',
  advice: {
    forUsers:
      'Do not install it, and report it to the source: RubyGems before 2.6.14 creates an object of any class, which can run code. Later versions may write such a value into Ruby source.',
    forPublishers:
      'Build the gem with `gem build`, and look for what put the value into the gemspec: where it belongs, a field holds texts, lists, versions or requirements.',
  },
  check: ({ gemspec }, report) => {
    if (gemspec?.ok) for (const detail of gemspec.classes) report(detail);
  },
};
