import { Typeflag } from '../../containers/entry.ts';
import { typeRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = typeRule(Typeflag.GnuSparse, {
  id: 'sparse-file',
  level: 'error',
  summary: 'The entry is a GNU sparse file, whose content only some extractors restore',
  advice: {
    forUsers:
      'Do not install it: package managers leave the file out or fail, other tools restore it.',
    forPublishers: 'Do not pack with `--sparse`.',
  },
});
