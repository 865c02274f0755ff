import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/zip/end-record.ts'],
  id: 'zip-comment',
  level: 'note',
  summary: 'The zip has a comment',
  advice: {
    forUsers: 'Nothing to do: `git archive` writes the commit there, and no installer reads it.',
  },
};
