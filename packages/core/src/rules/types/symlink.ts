import { Typeflag } from '../../containers/entry.ts';
import { linkRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = linkRule(Typeflag.Symlink, {
  id: 'symlink',
  level: 'error',
  elsewhere: {
    sdist: {
      level: 'warning',
      why: 'One in 300 sdists links to another of its files, and pip makes the link; [escaping-link](escaping-link.md) reports one that leads out.',
    },
    rubygems: {
      level: 'warning',
      why: 'RubyGems makes links that stay inside the gem, and some gems have them; those that do not stay inside are [an error](gem-link-escapes.md).',
    },
  },
  summary: 'The entry is a symbolic link',
  advice: {
    forUsers:
      'Do not install it: where an extractor makes the link, it may lead anywhere on your disk.',
    forPublishers: 'Ship the file itself.',
    elsewhere: {
      npm: {
        forUsers:
          'Do not install it: Yarn creates the link on your disk, wherever it leads. If you trust the package and need the link, allow those that stay inside (`links: contained` in your own policy), or add an exception.',
        forPublishers:
          'Ship the file itself; `npm pack` leaves links out, so users of npm never had it.',
      },
      wheel: {
        forUsers:
          'Do not install it: pip writes a file with the target in it, and other installers may make the link.',
        forPublishers: 'Ship the file itself: a wheel has no links.',
      },
      sdist: {
        forUsers:
          'Nothing has to be done where pip builds the sdist: it makes the link, which stays inside. On Windows it may become a copy.',
        forPublishers: 'Ship the file itself; on Windows a link needs rights that few users have.',
      },
      rubygems: {
        forUsers: 'Nothing needs doing, except on Windows, where it takes the right to make links.',
        forPublishers: 'Ship the file itself, so that the gem installs on Windows.',
      },
      go: {
        forUsers:
          'Do not use it, and report it to whoever runs the proxy: module zips hold no links, and go writes a file with the target in it.',
        forPublishers: 'Ship the file itself: go leaves links out of module zips.',
      },
    },
  },
});
