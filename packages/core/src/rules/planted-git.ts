import { Trait } from '../archive/entry.ts';
import { gitFolders } from '../package/git-folders.ts';
import { gitLinkProblem, isGit, mayBeGitLink } from '../package/git-links.ts';
import { foldedComponents } from '../package/package-path.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const plantedGit: Rule<'planted-git'> = defineRule({
  id: 'planted-git',
  level: 'error',
  summary: 'The entry plants a git directory, which git trusts and runs hooks from',
  remedy:
    'Do not install it: git below that folder runs what the package says. Where it is installed already, delete its folder before you run git there. As its publisher, remove `.git` from the folder that you pack; `npm pack` leaves it out.',
  entry: {
    traits: Trait.TrustedName | Trait.NonAscii,
    check: (entry) =>
      foldedComponents(entry.path).some(isGit) && !mayBeGitLink(entry)
        ? quote(entry.path)
        : undefined,
  },
  package: (contents, tell) => {
    for (const link of contents.gitLinks) {
      const problem = gitLinkProblem(link, contents.files);
      if (problem !== undefined) tell(`${quote(link.entry.path)} ${problem}`, link.entry);
    }
    for (const { entry, problem } of gitFolders(contents.files.places, contents.gitConfigs))
      tell(`the folder of ${quote(entry.path)} is a repository for git, and ${problem}`, entry);
  },
});
