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
        'Do not install it, and report it to the registry: a careless tool writes the file to an absolute path of your disk, which no real package needs.',
      forPublishers: 'Pack relative paths.',
    },
  }),
  uncPath,
  drivePath,
  pathRule(Trait.Backslash, {
    id: 'backslash-path',
    level: 'error',
    summary: 'The path contains a backslash, which Windows treats as a separator',
    advice: {
      forUsers:
        'Do not install it, and report it to the registry: Windows writes the file to another path than Linux and macOS.',
      forPublishers: 'Pack with a current packaging tool, which writes slashes on Windows as well.',
    },
  }),
  pathRule(Trait.Colon, {
    id: 'alternate-data-stream',
    level: 'error',
    summary: 'The path contains a colon, which on Windows names a stream of another file',
    advice: {
      forUsers:
        'Do not install it, and report it to the registry: on Windows the file is hidden inside another file, or its name is another spelling of `.git`.',
      forPublishers: 'Rename the file, without the colon.',
    },
  }),
];
