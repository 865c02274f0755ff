import { Trait } from '../../containers/entry.ts';
import { pathRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = pathRule(Trait.EmptyComponent, {
  id: 'empty-component',
  level: 'error',
  summary: 'The path has an empty component, or a file whose path ends in a slash',
  advice: {
    forUsers:
      'Do not install it, and report it to the registry: for some tools the path is absolute, or the file is a folder.',
    forPublishers: 'Join paths with single slashes, and pack again.',
  },
});
