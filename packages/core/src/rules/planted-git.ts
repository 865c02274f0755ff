import { Trait } from '../archive/entry.ts';
import { foldedComponents } from '../package/package-path.ts';
import { isShortNameOf } from '../package/short-name.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

const GIT = '.git';

export const plantedGit: Rule<'planted-git'> = defineRule({
  id: 'planted-git',
  level: 'error',
  summary: 'The entry plants a git directory, which git trusts and runs hooks from',
  remedy:
    'Do not install it: git below that folder runs what the package says. Where it is installed already, delete its folder before you run git there. As its publisher, remove `.git` from the folder that you pack; `npm pack` leaves it out.',
  entry: {
    traits: Trait.TrustedName | Trait.NonAscii,
    check: (entry) =>
      foldedComponents(entry.path).some((part) => part === GIT || isShortNameOf(part, GIT))
        ? quote(entry.path)
        : undefined,
  },
});
