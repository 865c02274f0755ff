import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const drivePath: Rule<'drive-path'> = defineRule({
  id: 'drive-path',
  level: 'error',
  summary: 'The path starts with a drive letter on Windows',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.Colon,
    check: (entry) => (/(?:^|\/)[A-Za-z]:/.test(entry.path) ? quote(entry.path) : undefined),
  },
});
