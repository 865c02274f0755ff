import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/zip/header-checks.ts'],
  id: 'zip-name-encoding',
  level: 'error',
  summary: 'The name of a zip entry is another one in each encoding',
  advice: {
    forUsers:
      'Do not use the file: programs read the name as UTF-8, as the code page of DOS or as that of your system, and write to different paths. Ask the publisher to pack it with UTF-8 names.',
  },
};
