import { Trait } from '../archive/entry.ts';
import { foldedComponents } from '../package/package-path.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

// The second is the short name that NTFS gives to the first.
const GIT = /^(?:\.git|git~\d+)$/;

export const plantedGit: Rule<'planted-git'> = defineRule({
  id: 'planted-git',
  level: 'error',
  summary: 'The entry plants a git directory, which git trusts and runs hooks from',
  remedy:
    'Do not install it: git below that folder runs what the package says. Where it is installed already, delete its folder before you run git there. As its publisher, remove `.git` from the folder that you pack; `npm pack` leaves it out.',
  entry: {
    traits: Trait.TrustedName | Trait.NonAscii,
    check: (entry) =>
      foldedComponents(entry.path).some((part) => GIT.test(part)) ? quote(entry.path) : undefined,
  },
});
