import { Trait, Typeflag } from '../../containers/entry.ts';
import type { EntryRule } from '../rule.ts';
import {
  advice,
  linkRule,
  typeflagText,
  typeRule,
  withCodes,
  type ProblemText,
} from '../table-rows.ts';

const KNOWN: ReadonlySet<number> = new Set(Object.values(Typeflag));

const specialFile = withCodes({
  id: 'special-file',
  level: 'error',
  summary: 'The entry is not an ordinary file, folder or link',
  advice: advice(
    'Do not install it, and report it to the registry: a device gives access to the machine, a program that opens a pipe waits forever, and some extractors leave such an entry out or fail.',
    'Find the device or pipe in the folder that you pack, and leave it out. Repack with a current packaging tool, which writes ordinary files only.',
  ),
});

export const sparseEntry: ProblemText = withCodes({
  id: 'sparse-entry',
  level: 'error',
  summary: 'A file is stored as a sparse file, which only some extractors restore',
  advice: advice(
    'Do not install it: some extractors restore the file, others give it another content or name, leave it out or fail.',
    'Do not pack with `--sparse`.',
  ),
});

export const typesRules: readonly EntryRule[] = [
  linkRule(Typeflag.Symlink, {
    id: 'symlink',
    level: 'error',
    elsewhere: {
      sdist: {
        level: 'warning',
        reason:
          'One in 300 sdists has a link to another of its files, and pip makes the link. [escaping-link](escaping-link.md) rejects a link that leads out.',
      },
      rubygems: {
        level: 'warning',
        reason:
          'Some gems have links, and RubyGems makes them if they stay inside the gem. All others are [an error](gem-link-escapes.md).',
      },
    },
    summary: 'The entry is a symbolic link',
    advice: advice(
      'Do not install it: an extractor may create the link, and it can lead anywhere on your disk.',
      'Ship the file itself.',
      {
        npm: advice(
          'Do not install it: Yarn creates the link on your disk, wherever it leads. If you trust the package and need the link, allow this package (`tarwarden allow`), or allow links that stay inside their package (`links: contained` in your own policy).',
          'Ship the file itself; `npm pack` leaves links out, so users of npm never get it.',
        ),
        wheel: advice(
          'Do not install it: pip writes a file that contains the target, and other installers may create the link.',
          'Ship the file itself: a wheel has no links.',
        ),
        sdist: advice(
          'You need not do anything if pip builds the sdist: pip creates the link, which stays inside the sdist.',
          'Ship the file itself; on Windows a link needs rights that few users have.',
        ),
        rubygems: advice(
          'You need not do anything, except on Windows: there you need the right to create links.',
          'Ship the file itself, so that the gem installs on Windows.',
        ),
        go: advice(
          'Do not use it, and report it to the people who run the proxy: a module zip has no links, and go writes a file that contains the target.',
          'Ship the file itself: go leaves links out of module zips.',
        ),
      },
    ),
  }),
  linkRule(Typeflag.Hardlink, {
    id: 'hardlink',
    level: 'error',
    elsewhere: {
      sdist: {
        level: 'warning',
        reason:
          "Python's tarfile writes a hard link for a file that the maintainer had under two names. [hardlink-target](hardlink-target.md) and [escaping-link](escaping-link.md) reject unsafe ones.",
      },
    },
    summary: 'The entry is a hard link',
    advice: advice(
      'Do not install it: managers treat the link differently. If you know and trust this package, allow it with `tarwarden allow`.',
      'Ship the file itself; GNU tar does so with `--hard-dereference`.',
      {
        sdist: advice(
          'You need not do anything if pip builds the sdist: the link leads to a file of the sdist, and becomes a copy of it or a second name for it.',
          'Pack a tree without hard links (`cp -r --no-preserve=links`).',
        ),
      },
    ),
  }),
  typeRule(
    Typeflag.CharacterDevice,
    specialFile('character-device', 'The entry is a character device'),
  ),
  typeRule(Typeflag.BlockDevice, specialFile('block-device', 'The entry is a block device')),
  typeRule(Typeflag.Fifo, specialFile('fifo', 'The entry is a named pipe')),
  typeRule(
    Typeflag.Contiguous,
    specialFile(
      'contiguous-file',
      'The entry is a contiguous file, which some extractors do not write',
    ),
  ),
  typeRule(
    Typeflag.GnuSparse,
    sparseEntry(
      'sparse-file',
      'The entry is a GNU sparse file, whose content only some extractors restore',
    ),
  ),
  {
    ...specialFile('unknown-typeflag', 'The entry is of a type that extractors treat differently'),
    kind: 'entry',
    field: 'typeflag',
    traits: Trait.SpecialType,
    check: (entry) => (KNOWN.has(entry.typeflag) ? undefined : typeflagText(entry)),
  },
];
