import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: [
    'containers/zip/end-record.ts',
    'containers/zip/header-checks.ts',
    'containers/zip/reader.ts',
  ],
  id: 'zip-unsupported',
  level: 'error',
  stopsReading: true,
  summary: 'The zip uses a feature that writers of such archives never use',
  advice: {
    forUsers:
      'Delete the file and get it from where it was made: another program wrote it than the ones that make such files. If a tool of yours packs it anew, keep it as it was.',
  },
};
