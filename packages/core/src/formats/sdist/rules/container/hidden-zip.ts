import type { ReaderRule } from '../../../../rules/rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['formats/sdist/read.ts'],
  id: 'hidden-zip',
  level: 'error',
  summary: 'A file that is not a zip has a zip at its end, which pip unpacks instead',
  advice: {
    forUsers:
      'Do not install it, and report it to the index: pip looks for a zip first, whatever the name of the file, so it builds another package than everybody else sees.',
    forPublishers:
      'Look for what appended the zip, and build the sdist anew. A zip among your test data that is stored as the last file may do it: move it, or compress the sdist.',
  },
};
