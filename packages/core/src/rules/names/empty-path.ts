import { Trait } from '../../containers/entry.ts';
import type { EntryRule } from '../rule.ts';

export const emptyPath: EntryRule = {
  kind: 'entry',
  id: 'empty-path',
  level: 'error',
  summary: 'The entry has no path, and some extractors stop reading there',
  advice: {
    forUsers: 'Do not install it: some extractors lose every file after this entry.',
    forPublishers:
      'Repack with a current packaging tool; look for the script that wrote a header without a name.',
    elsewhere: {
      npm: {
        forUsers: 'Do not install it: pnpm 10 and 11 lose every file after this entry.',
        forPublishers:
          'Repack with a current packaging tool; look for the script that wrote a header without a name.',
      },
    },
  },
  traits: Trait.Empty,
  check: () => 'the path is empty',
};
