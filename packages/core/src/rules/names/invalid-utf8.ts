import { Trait } from '../../containers/entry.ts';
import { pathRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = pathRule(Trait.InvalidUtf8, {
  id: 'invalid-utf8',
  level: 'error',
  summary: 'The path is not valid UTF-8, so its name differs from extractor to extractor',
  advice: {
    forUsers:
      'Do not install it: the file has another name for each tool. Report it to the registry.',
    forPublishers: 'Rename the file, or set the system to UTF-8 before packing.',
  },
});
