import { Trait } from '../archive/entry.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const pathDepthLimit: Rule<'path-depth-limit'> = defineRule({
  id: 'path-depth-limit',
  level: 'error',
  summary: 'The path is deeper than the limit',
  remedy:
    'If the package needs folders this deep, raise `limits.depth` in your own policy file; otherwise do not install it. As its publisher, flatten the folders; bundled node_modules nested in each other are the usual cause.',
  entry: {
    traits: Trait.Deep,
    check: (entry) => `${entry.path.split('/').length} components`,
  },
});
