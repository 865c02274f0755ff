import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/gzip/gunzip.ts'],
  id: 'gzip-corrupt',
  level: 'error',
  stopsReading: true,
  summary: 'The compressed data is damaged',
  advice: {
    forUsers:
      "Fetch it again. Where the same bytes come back, the registry's copy is damaged or crafted: do not install it, and tell its maintainers.",
    forPublishers: 'Publish again under a new version; a damaged upload does not heal.',
  },
};
