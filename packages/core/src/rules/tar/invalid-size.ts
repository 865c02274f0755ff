import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/fields.ts', 'containers/tar/pax.ts'],
  id: 'invalid-size',
  level: 'error',
  stopsReading: true,
  summary:
    'The size of an entry cannot be read for certain, so extractors disagree where the next one starts',
  advice: {
    forUsers:
      'Do not install it: what follows the entry is not inspected, and each extractor finds something else there. Report it to the registry.',
    forPublishers: 'Repack with a current packaging tool; look for the script that wrote the size.',
  },
};
