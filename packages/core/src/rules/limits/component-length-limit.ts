import { Trait } from '../../containers/entry.ts';
import { pathRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = pathRule(Trait.LongComponent, {
  id: 'component-length-limit',
  level: 'error',
  summary: 'A component of the path is longer than file systems allow',
  advice: {
    forUsers:
      'Do not install it: no common file system takes the name, so that some tools leave the file out and others fail.',
    forPublishers: 'Use shorter names; letters beyond ASCII count two to four bytes.',
  },
});
