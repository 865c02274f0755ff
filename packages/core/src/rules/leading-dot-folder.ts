import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const leadingDotFolder: Rule<'leading-dot-folder'> = defineRule({
  id: 'leading-dot-folder',
  level: 'error',
  summary: 'The path starts with `./`, so managers strip a different folder',
  remedy:
    'Ask its maintainers to repack it: with every manager but Yarn 3 and 4 the file lies one folder too deep. As its publisher, pack with `tar -C folder -czf x.tgz package`, or with `npm pack`.',
  entry: {
    traits: Trait.Dot,
    check: (entry) => (/^\.(?:\/|$)/.test(entry.path) ? quote(entry.path) : undefined),
  },
});
