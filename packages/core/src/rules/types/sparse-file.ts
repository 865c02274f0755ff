import { Typeflag } from '../../containers/entry.ts';
import { typeRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = typeRule(Typeflag.GnuSparse, {
  id: 'sparse-file',
  level: 'error',
  summary: 'The entry is a GNU sparse file, whose content only some extractors restore',
  advice: {
    forUsers: 'Do not install it: some extractors restore the file, others leave it out or fail.',
    forPublishers: 'Do not pack with `--sparse`.',
  },
});
