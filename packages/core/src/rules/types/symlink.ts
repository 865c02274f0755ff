import { Typeflag } from '../../containers/entry.ts';
import { linkRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = linkRule(Typeflag.Symlink, {
  id: 'symlink',
  level: 'error',
  elsewhere: {
    sdist: {
      level: 'warning',
      why: 'One in 300 sdists links to another of its files, and pip makes the link; [escaping-link](escaping-link.md) judges where it leads.',
    },
  },
  summary: 'The entry is a symbolic link',
  advice: {
    forUsers:
      'Do not install it: Yarn creates the link on your disk, wherever it leads. If you trust the package and need the link, allow those that stay inside (`links: contained` in your own policy), or add an exception.',
    forPublishers:
      'Ship the file itself; `npm pack` leaves links out, so users of npm never had it.',
    elsewhere: {
      pypi: {
        forUsers:
          'Nothing has to be done where pip builds the sdist: it makes the link, which stays inside. On Windows it may become a copy.',
        forPublishers: 'Ship the file itself; on Windows a link needs rights that few users have.',
      },
    },
  },
});
