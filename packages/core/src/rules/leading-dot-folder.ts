import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const leadingDotFolder: Rule<'leading-dot-folder'> = defineRule({
  id: 'leading-dot-folder',
  level: 'error',
  summary: 'The path starts with `./`, so managers strip a different folder',
  remedy: 'Ask the publisher to repack the archive with a current `npm pack`.',
  entry: {
    traits: Trait.Dot,
    check: (entry) => (/^\.(?:\/|$)/.test(entry.path) ? quote(entry.path) : undefined),
  },
});
