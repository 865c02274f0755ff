import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['rules/apply.ts'],
  id: 'write-through-link',
  level: 'error',
  summary: 'An entry would be written through a link of the archive',
  advice: {
    forUsers:
      'Do not install it, whatever your policy on links, and report it to the registry: an extractor that follows the link writes where it leads.',
    forPublishers: 'Ship files instead of links.',
  },
};
