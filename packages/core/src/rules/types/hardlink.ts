import { Typeflag } from '../../containers/entry.ts';
import { linkRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = linkRule(Typeflag.Hardlink, {
  id: 'hardlink',
  level: 'error',
  elsewhere: {
    sdist: {
      level: 'warning',
      why: "Python's tarfile writes one for a file that the maintainer had twice; [hardlink-target](hardlink-target.md) and [escaping-link](escaping-link.md) report one that leads out.",
    },
  },
  summary: 'The entry is a hard link',
  advice: {
    forUsers:
      'Do not install it: what becomes of the link depends on the manager. For an old package that you know, add an exception.',
    forPublishers: 'Ship the file itself; GNU tar does so with `--hard-dereference`.',
    elsewhere: {
      sdist: {
        forUsers:
          'Nothing has to be done where pip builds the sdist: the link is to a file of the sdist, and becomes a copy of it or a second name.',
        forPublishers: 'Pack a tree without hard links (`cp -r --no-preserve=links`).',
      },
    },
  },
});
