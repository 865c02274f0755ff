import { Trait } from '../../../../containers/entry.ts';
import type { EntryRule } from '../../../../rules/rule.ts';
import { ambiguousSize } from '../../../../rules/tar/index.ts';

export const paxSizeRepeated: EntryRule = {
  ...ambiguousSize(
    'pax-size-repeated',
    'A PAX header gives the size of an entry, which uv before 0.11.9 applies to the next entry as well',
    {
      advice: {
        forUsers:
          'Do not install it before you know who packed it and why, and use uv 0.11.9 or newer: an older one may unpack files that other programs do not see.',
        forPublishers:
          'Build the sdist with a current tool: none writes a PAX size for a file below 8 GiB.',
      },
    },
  ),
  kind: 'entry',
  field: 'size',
  traits: Trait.RepeatedSize,
  check: (entry) => `both say ${entry.size} bytes`,
};
