import type { GemspecRule } from '../../gemspec-rule.ts';

export const rule: GemspecRule = {
  kind: 'metadata',
  id: 'gemspec-unsafe-class',
  level: 'error',
  summary: 'The gemspec asks for an object that RubyGems does not make',
  advice: {
    forUsers:
      'Do not install it, and report it to the source: RubyGems of before 2017 makes the object, which can run code.',
    forPublishers:
      'Look for what put the object into the gemspec: a field may hold texts, lists and requirements.',
  },
  check: ({ gemspec }, report) => {
    if (gemspec?.ok) for (const detail of gemspec.classes) report(detail);
  },
};
