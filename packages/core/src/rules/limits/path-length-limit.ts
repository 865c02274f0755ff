import { Trait } from '../../containers/entry.ts';
import type { EntryRule } from '../rule.ts';

export const pathLengthLimit: EntryRule = {
  kind: 'entry',
  id: 'path-length-limit',
  level: 'error',
  stopsReading: true,
  summary: 'The path is longer than the limit',
  advice: {
    forUsers:
      'If the package needs such paths, raise `limits.pathBytes` in your own policy file; Windows and some tools still refuse them.',
    forPublishers: 'Use shorter names, and fewer folders.',
  },
  traits: Trait.LongPath,
  check: (entry) => `${entry.path.length} characters`,
};
