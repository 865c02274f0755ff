import { Trait } from '../../containers/entry.ts';
import { gitFolders, gitLinkProblem, isGitName, mayBeGitLink } from '../../tree/git-folders.ts';
import { foldedComponents } from '../../tree/package-path.ts';
import { quote } from '../../text/printable.ts';
import type { EntryRule } from '../rule.ts';
import { advice } from '../table-rows.ts';

export const gitRules: readonly EntryRule[] = [
  {
    kind: 'entry',
    id: 'planted-git',
    level: 'error',
    summary: 'The entry plants a git directory, which git trusts and runs hooks from',
    advice: advice(
      'Do not install it: if you run git in that folder, git runs commands that the package chose. If it is already installed, delete its folder before you run git there.',
      'Remove `.git` from the folder that you pack.',
    ),
    traits: Trait.TrustedName | Trait.NonAscii,
    check: (entry) =>
      foldedComponents(entry.path).some(isGitName) && !mayBeGitLink(entry)
        ? quote(entry.path)
        : undefined,
    checkTree: (tree, report) => {
      for (const link of tree.gitLinks) {
        const problem = gitLinkProblem(link, tree.files);
        if (problem !== undefined) report(`${quote(link.entry.path)} ${problem}`, link.entry);
      }
      for (const { entry, problem } of gitFolders(tree.files.places, tree.gitConfigs))
        report(`the folder of ${quote(entry.path)} is a repository for git, and ${problem}`, entry);
    },
  },
];
