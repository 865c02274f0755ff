import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/gzip/gunzip.ts'],
  id: 'gzip-truncated',
  level: 'error',
  stopsReading: true,
  summary: 'The gzip file is cut short',
  advice: {
    forUsers:
      "Fetch it again: a broken download looks like this. Where it stays short, the registry's copy is cut: do not install it, and tell its maintainers.",
    forPublishers:
      'Compare the size on the registry with that of your file, and publish a new version.',
  },
};
