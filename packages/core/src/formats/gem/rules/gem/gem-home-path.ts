import { Trait, Typeflag } from '../../../../containers/entry.ts';
import type { EntryRule } from '../../../../rules/rule.ts';
import { quote } from '../../../../text/printable.ts';

export const gemHomePath: EntryRule = {
  kind: 'entry',
  id: 'gem-home-path',
  level: 'error',
  summary: 'A path or the target of a link begins with `~`, which RubyGems reads as a home folder',
  advice: {
    forUsers:
      'Do not install it: RubyGems writes the file to a home folder, and other tools write it into the gem.',
    forPublishers: 'Rename the file.',
  },
  traits: Trait.TrustedName | Trait.SpecialType,
  check: ({ path, typeflag, linkpath }) => {
    if (path.startsWith('~')) return quote(path);
    return typeflag === Typeflag.Symlink && linkpath.startsWith('~')
      ? `to ${quote(linkpath)}`
      : undefined;
  },
};
