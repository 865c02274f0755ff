import { Trait } from '../../containers/entry.ts';
import { quote } from '../../text/printable.ts';
import type { EntryRule } from '../rule.ts';

export const leadingDotFolder: EntryRule = {
  kind: 'entry',
  id: 'leading-dot-folder',
  level: 'error',
  summary: 'The path starts with `./`, which only some extractors count as a folder',
  advice: {
    forUsers:
      'Ask its maintainers to repack it: programs that count `./` as a folder write the file to another path.',
    forPublishers: 'Pack paths that do not begin with `./`.',
    elsewhere: {
      npm: {
        forUsers:
          'Ask its maintainers to repack it: every manager except Yarn 3 and 4 writes the file one folder too deep.',
        forPublishers: 'Pack with `tar -C folder -czf x.tgz package`, or with `npm pack`.',
      },
    },
  },
  traits: Trait.Dot,
  check: (entry) => (/^\.(?:\/|$)/.test(entry.path) ? quote(entry.path) : undefined),
};
