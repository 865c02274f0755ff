import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const drivePath: Rule<'drive-path'> = defineRule({
  id: 'drive-path',
  level: 'error',
  summary: 'The path starts with a drive letter on Windows',
  remedy:
    'Do not install it, and report it to the registry: on Windows the path leads out of the package. As its publisher, rename the file, without the drive letter.',
  entry: {
    traits: Trait.Colon,
    check: (entry) => (/(?:^|\/)[A-Za-z]:/.test(entry.path) ? quote(entry.path) : undefined),
  },
});
