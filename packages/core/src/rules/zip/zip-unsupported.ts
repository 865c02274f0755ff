import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/zip/directory.ts', 'containers/zip/header-checks.ts'],
  id: 'zip-unsupported',
  level: 'error',
  stopsReading: true,
  summary: 'The zip uses a feature that Yarn never writes',
  advice: {
    forUsers:
      'Delete the file and let Yarn make it again: another program wrote it. If a tool of yours packs the cache anew, have it store the archives as Yarn made them.',
  },
};
