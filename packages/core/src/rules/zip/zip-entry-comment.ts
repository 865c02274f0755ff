import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/zip/header-checks.ts'],
  id: 'zip-entry-comment',
  level: 'warning',
  summary: 'An entry of the zip has a comment',
  advice: {
    forUsers:
      'Nothing to do at once: no installer reads it. Packaging tools write none, and PyPI takes no such file today, so ask the publisher what made it.',
    elsewhere: {
      go: {
        forUsers:
          'Nothing to do at once: go does not read it. go writes none itself, so ask whoever runs the proxy what made the zip.',
      },
    },
  },
};
