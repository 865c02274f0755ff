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
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.TrustedName | Trait.NonAscii,
    check: (entry) =>
      foldedComponents(entry.path).some((part) => GIT.test(part)) ? quote(entry.path) : undefined,
  },
});
