import { Trait } from '../../containers/entry.ts';
import { pathRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = pathRule(Trait.Nul, {
  id: 'nul-in-path',
  level: 'error',
  summary: 'The path holds a NUL, at which some extractors cut it',
  advice: {
    forUsers:
      'Do not install it, and report it to the registry: some tools cut the name at the NUL, others fail or skip the file.',
    forPublishers: 'Repack with a current packaging tool; no file on disk has such a name.',
  },
});
