import type { ToyRule } from '../../format.ts';

export const toyNameMissing: ToyRule = {
  kind: 'metadata',
  id: 'toy-name-missing',
  level: 'error',
  summary: 'The package has no name',
  advice: { forUsers: 'Do not play with it.', forPublishers: 'Write a name into NAME.' },
  check: (metadata, report) => {
    if (metadata.name === undefined) report('no file NAME is in its first folder');
  },
};
