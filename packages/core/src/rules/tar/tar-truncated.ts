import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/reader.ts'],
  id: 'tar-truncated',
  level: 'error',
  stopsReading: true,
  summary: 'The tar archive is cut short',
  advice: {
    forUsers:
      "Fetch it again. Where it stays short, files are missing from the registry's copy: do not install it, and tell its maintainers.",
    forPublishers:
      'Look for what cut the archive before it was compressed, and publish a new version.',
  },
};
