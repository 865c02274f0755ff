import { Trait } from '../../containers/entry.ts';
import { pathRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = pathRule(Trait.DotDot, {
  id: 'path-traversal',
  level: 'error',
  summary: 'The path climbs out of its folder with `..`',
  advice: {
    forUsers:
      'Do not install it, and report it to the registry: the path leads out of its folder, which no real package needs.',
    forPublishers: 'Pack from the folder of the package.',
  },
});
