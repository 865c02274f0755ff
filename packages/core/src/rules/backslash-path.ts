import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const backslashPath: Rule<'backslash-path'> = defineRule({
  id: 'backslash-path',
  level: 'error',
  summary: 'The path holds a backslash, which Windows takes for a separator',
  remedy:
    'Do not install it, and report it to the registry: on Windows the file lands elsewhere than on Linux and macOS. As its publisher, pack with a package manager, which writes slashes on Windows as well.',
  entry: {
    traits: Trait.Backslash,
    check: (entry) => quote(entry.path),
  },
});
