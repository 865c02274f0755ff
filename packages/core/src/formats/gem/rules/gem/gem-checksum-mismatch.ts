import type { ReaderRule } from '../../../../rules/rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['formats/gem/read.ts'],
  id: 'gem-checksum-mismatch',
  level: 'error',
  summary: 'The checksums in the gem are not those of its files',
  advice: {
    forUsers:
      'Fetch it again. Where the checksums stay wrong, somebody changed the gem after it was built: do not install it.',
    forPublishers: 'Build the gem anew; do not change a gem that is built.',
  },
};
