import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const plantedGit: Rule<'planted-git'> = defineRule({
  id: 'planted-git',
  level: 'error',
  summary: 'The entry plants a git directory, which git trusts and runs hooks from',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.TrustedName,
    check: (entry) =>
      /(?:^|\/)(?:\.git|git~\d+)(?:\/|$)/i.test(entry.path) ? quote(entry.path) : undefined,
  },
});
