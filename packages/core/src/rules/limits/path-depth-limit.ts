import { Trait } from '../../containers/entry.ts';
import type { EntryRule } from '../rule.ts';

export const pathDepthLimit: EntryRule = {
  kind: 'entry',
  id: 'path-depth-limit',
  level: 'error',
  summary: 'The path is deeper than the limit',
  advice: {
    forUsers:
      'If the package needs folders this deep, raise `limits.depth` in your own policy file; otherwise do not install it.',
    forPublishers: 'Flatten the folders.',
    elsewhere: {
      npm: {
        forUsers:
          'If the package needs folders this deep, raise `limits.depth` in your own policy file; otherwise do not install it.',
        forPublishers:
          'Flatten the folders; bundled node_modules nested in each other are the usual cause.',
      },
    },
  },
  traits: Trait.Deep,
  check: (entry) => `${entry.path.split('/').length} components`,
};
