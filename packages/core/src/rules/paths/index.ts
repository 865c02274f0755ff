import { Trait } from '../../containers/entry.ts';
import type { EntryRule } from '../rule.ts';
import { pathRule } from '../table-rows.ts';
import { uncPath } from './unc-path.ts';
import { drivePath } from './drive-path.ts';

export const pathsRules: readonly EntryRule[] = [
  pathRule(Trait.DotDot, {
    id: 'path-traversal',
    level: 'error',
    summary: 'The path climbs out of its folder with `..`',
    advice: {
      forUsers:
        'Do not install it, and report it to the registry: the path leads out of its folder, which no real package needs.',
      forPublishers: 'Pack from the folder of the package.',
    },
  }),
  pathRule(Trait.LeadingSlash, {
    id: 'absolute-path',
    level: 'error',
    summary: 'The path is absolute',
    advice: {
      forUsers:
        'Do not install it, and report it to the registry: a careless tool writes it to the root of your disk, and no real package needs that.',
      forPublishers: 'Pack relative paths.',
    },
  }),
  uncPath,
  drivePath,
  pathRule(Trait.Backslash, {
    id: 'backslash-path',
    level: 'error',
    summary: 'The path holds a backslash, which Windows treats as a separator',
    advice: {
      forUsers:
        'Do not install it, and report it to the registry: on Windows the file lands elsewhere than on Linux and macOS.',
      forPublishers: 'Pack with a current packaging tool, which writes slashes on Windows as well.',
    },
  }),
  pathRule(Trait.Colon, {
    id: 'alternate-data-stream',
    level: 'error',
    summary: 'The path holds a colon, which names a stream of another file on Windows',
    advice: {
      forUsers:
        'Do not install it, and report it to the registry: on Windows it hides inside another file, or is `.git` by another name.',
      forPublishers: 'Rename the file, without the colon.',
    },
  }),
];
