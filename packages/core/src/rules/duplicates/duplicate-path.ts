import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['formats/format.ts', 'rules/apply.ts'],
  id: 'duplicate-path',
  level: 'error',
  summary:
    'Two entries with different content have the same path; managers install the last one, other tools may show the first',
  advice: {
    forUsers:
      "Do not install it: the file that a registry's viewer or a scanner shows may be the first, and the one that is installed is the last.",
    forPublishers:
      'Look for the file twice in what you pack; a build that writes while packing is a known cause.',
  },
};
