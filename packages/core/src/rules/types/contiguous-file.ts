import { Typeflag } from '../../containers/entry.ts';
import { typeRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = typeRule(Typeflag.Contiguous, {
  id: 'contiguous-file',
  level: 'error',
  summary: 'The entry is a contiguous file, which some extractors do not write',
  advice: {
    forUsers: 'Do not install it: some extractors write the file, others leave it out or fail.',
    forPublishers: 'Repack with a current packaging tool, which writes ordinary files.',
    elsewhere: {
      npm: {
        forUsers:
          'Do not install it: npm and bun write the file, pnpm and Yarn leave it out or fail.',
        forPublishers: 'Repack with a current packaging tool, which writes ordinary files.',
      },
    },
  },
});
