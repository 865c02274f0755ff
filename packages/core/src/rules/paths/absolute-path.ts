import { Trait } from '../../containers/entry.ts';
import { pathRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = pathRule(Trait.LeadingSlash, {
  id: 'absolute-path',
  level: 'error',
  summary: 'The path is absolute',
  advice: {
    forUsers:
      'Do not install it, and report it to the registry: a careless tool writes it to the root of your disk, and no real package needs that.',
    forPublishers: 'Pack relative paths.',
  },
});
