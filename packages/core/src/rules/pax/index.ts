import type { ReaderRule } from '../rule.ts';
import { advice, readerRules } from '../table-rows.ts';
import { sparseEntry } from '../types/index.ts';
import { ambiguousSize } from '../tar/index.ts';

export const paxRules: readonly ReaderRule[] = [
  ...readerRules({
    id: 'pax-ambiguous',
    level: 'error',
    summary: 'A PAX header has records that extractors read differently',
    advice: advice(
      'Do not install it: programs that repair, skip or obey the header write different files from each other, or other names.',
      'Repack with a current packaging tool, with UTF-8 names, without line feeds in them and without `--pax-option`. A script of your own must count the length of a record in bytes, itself included, and write each key once.',
    ),
    problems: {
      'pax-malformed': 'A PAX header is not well formed',
      'pax-value-newline':
        'A PAX record contains a line feed, and some extractors read a further record after it',
      'pax-repeated-key': 'A PAX header gives a key twice',
      'pax-global-override':
        'A global PAX header changes all later entries, which some extractors ignore',
      'pax-charset': 'A PAX header changes the character set of paths',
    },
    stopsAt: ['pax-malformed'],
  }),
  ambiguousSize(
    'pax-size-mismatch',
    'The PAX size of an entry differs from its header, so extractors disagree where the next entry starts',
  ),
  {
    id: 'pax-path-mismatch',
    level: 'error',
    summary:
      'The PAX path of an entry differs from its header, so extractors unpack it to different places',
    advice: advice(
      'Do not install it: a program that does not know PAX writes the file to another path.',
      'Repack with a current packaging tool, which writes the beginning of the same path into the header.',
    ),
  },
  {
    id: 'pax-linkpath-mismatch',
    level: 'error',
    summary: 'A PAX link target differs from the header, or belongs to an entry that is not a link',
    advice: advice(
      'Do not install it: where the link leads depends on the program that reads it.',
      'Ship files instead of links.',
    ),
  },
  sparseEntry(
    'pax-sparse',
    'A PAX header describes a sparse file, whose content and name only some extractors restore',
  ),
];
