import { Typeflag } from '../../containers/entry.ts';
import { linkRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = linkRule(Typeflag.Symlink, {
  id: 'symlink',
  level: 'error',
  elsewhere: {
    rubygems: {
      level: 'warning',
      why: 'RubyGems makes links that stay inside the gem, and some gems have them; those that do not stay inside are [an error](gem-link-escapes.md).',
    },
  },
  summary: 'The entry is a symbolic link',
  advice: {
    forUsers:
      'Do not install it: Yarn creates the link on your disk, wherever it leads. If you trust the package and need the link, allow those that stay inside (`links: contained` in your own policy), or add an exception.',
    forPublishers:
      'Ship the file itself; `npm pack` leaves links out, so users of npm never had it.',
    elsewhere: {
      rubygems: {
        forUsers: 'Nothing needs doing, except on Windows, where it takes the right to make links.',
        forPublishers: 'Ship the file itself, so that the gem installs on Windows.',
      },
    },
  },
});
