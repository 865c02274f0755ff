import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/entry-reader.ts', 'formats/sdist/read.ts'],
  id: 'foreign-magic',
  level: 'error',
  summary:
    'The tar begins with the magic number of another format, as which some extractors read it',
  advice: {
    forUsers:
      'Do not install it, and report it to the registry: it was made to hold two packages, and which one you get depends on who unpacks it.',
    forPublishers: 'Pack with the usual tool, or rename what the archive begins with.',
  },
};
