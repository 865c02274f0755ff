import { Typeflag } from '../../containers/entry.ts';
import type { EntryRule } from '../rule.ts';
import { linkRule, typeRule } from '../table-rows.ts';
import { unknownTypeflag } from './unknown-typeflag.ts';

export const typesRules: readonly EntryRule[] = [
  linkRule(Typeflag.Symlink, {
    id: 'symlink',
    level: 'error',
    elsewhere: {
      sdist: {
        level: 'warning',
        why: 'One in 300 sdists has a link to another of its files, and pip makes the link. [escaping-link](escaping-link.md) rejects a link that leads out.',
      },
      rubygems: {
        level: 'warning',
        why: 'Some gems have links, and RubyGems makes them if they stay inside the gem. All others are [an error](gem-link-escapes.md).',
      },
    },
    summary: 'The entry is a symbolic link',
    advice: {
      forUsers:
        'Do not install it: an extractor may create the link, and it can lead anywhere on your disk.',
      forPublishers: 'Ship the file itself.',
      elsewhere: {
        npm: {
          forUsers:
            'Do not install it: Yarn creates the link on your disk, wherever it leads. If you trust the package and need the link, allow this package (`tarwarden allow`), or allow links that stay inside their package (`links: contained` in your own policy).',
          forPublishers:
            'Ship the file itself; `npm pack` leaves links out, so users of npm never get it.',
        },
        wheel: {
          forUsers:
            'Do not install it: pip writes a file that contains the target, and other installers may create the link.',
          forPublishers: 'Ship the file itself: a wheel has no links.',
        },
        sdist: {
          forUsers:
            'You need not do anything if pip builds the sdist: pip creates the link, which stays inside the sdist.',
          forPublishers:
            'Ship the file itself; on Windows a link needs rights that few users have.',
        },
        rubygems: {
          forUsers:
            'You need not do anything, except on Windows: there you need the right to create links.',
          forPublishers: 'Ship the file itself, so that the gem installs on Windows.',
        },
        go: {
          forUsers:
            'Do not use it, and report it to the people who run the proxy: a module zip has no links, and go writes a file that contains the target.',
          forPublishers: 'Ship the file itself: go leaves links out of module zips.',
        },
      },
    },
  }),
  linkRule(Typeflag.Hardlink, {
    id: 'hardlink',
    level: 'error',
    elsewhere: {
      sdist: {
        level: 'warning',
        why: "Python's tarfile writes a hard link for a file that the maintainer had under two names. [hardlink-target](hardlink-target.md) and [escaping-link](escaping-link.md) reject unsafe ones.",
      },
    },
    summary: 'The entry is a hard link',
    advice: {
      forUsers:
        'Do not install it: managers treat the link differently. If you know and trust this package, allow it with `tarwarden allow`.',
      forPublishers: 'Ship the file itself; GNU tar does so with `--hard-dereference`.',
      elsewhere: {
        sdist: {
          forUsers:
            'You need not do anything if pip builds the sdist: the link leads to a file of the sdist, and becomes a copy of it or a second name for it.',
          forPublishers: 'Pack a tree without hard links (`cp -r --no-preserve=links`).',
        },
      },
    },
  }),
  typeRule(Typeflag.CharacterDevice, {
    id: 'character-device',
    level: 'error',
    summary: 'The entry is a character device',
    advice: {
      forUsers:
        'Do not install it, and report it to the registry: if root unpacks it, a harmless name gives access to a device of the machine.',
      forPublishers: 'Find the device in the folder that you pack, and leave it out.',
    },
  }),
  typeRule(Typeflag.BlockDevice, {
    id: 'block-device',
    level: 'error',
    summary: 'The entry is a block device',
    advice: {
      forUsers:
        'Do not install it, and report it to the registry: if root unpacks it, it gives access to a whole disk, whatever the permissions of the files are.',
      forPublishers: 'Find the device in the folder that you pack, and leave it out.',
    },
  }),
  typeRule(Typeflag.Fifo, {
    id: 'fifo',
    level: 'error',
    summary: 'The entry is a named pipe',
    advice: {
      forUsers:
        'Do not install it, and report it to the registry: every program that opens the pipe waits forever.',
      forPublishers: 'Find the pipe in the folder that you pack, and leave it out.',
    },
  }),
  typeRule(Typeflag.Contiguous, {
    id: 'contiguous-file',
    level: 'error',
    summary: 'The entry is a contiguous file, which some extractors do not write',
    advice: {
      forUsers:
        'Do not install it: some extractors write the file, and others leave it out or fail.',
      forPublishers: 'Repack with a current packaging tool, which writes ordinary files.',
      elsewhere: {
        npm: {
          forUsers:
            'Do not install it: npm and bun write the file, pnpm and Yarn leave it out or fail.',
          forPublishers: 'Repack with a current packaging tool, which writes ordinary files.',
        },
      },
    },
  }),
  typeRule(Typeflag.GnuSparse, {
    id: 'sparse-file',
    level: 'error',
    summary: 'The entry is a GNU sparse file, whose content only some extractors restore',
    advice: {
      forUsers: 'Do not install it: some extractors restore the file, others leave it out or fail.',
      forPublishers: 'Do not pack with `--sparse`.',
    },
  }),
  unknownTypeflag,
];
