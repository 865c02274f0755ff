import { Trait } from '../../containers/entry.ts';
import { quote } from '../../text/printable.ts';
import type { EntryRule } from '../rule.ts';
import { advice, pathRule, withCodes } from '../table-rows.ts';

const escapingPath = withCodes({
  id: 'escaping-path',
  level: 'error',
  summary: 'The path leads out of the package',
  advice: advice(
    'Do not install it, and report it to the registry: a careless tool writes the file to another place on your disk, which no real package needs.',
    'Pack relative paths, from the folder of the package.',
  ),
});

const windowsPath = withCodes({
  id: 'windows-path',
  level: 'error',
  summary: 'The path leads to another place on Windows',
  advice: advice(
    'Do not install it, and report it to the registry: Windows writes the file to another path than Linux and macOS, or logs in to another computer.',
    'Rename the file, without colon and backslash. A current packaging tool writes slashes on Windows as well.',
  ),
});

export const pathsRules: readonly EntryRule[] = [
  pathRule(
    Trait.DotDot,
    escapingPath('path-traversal', 'The path climbs out of its folder with `..`'),
  ),
  pathRule(Trait.LeadingSlash, escapingPath('absolute-path', 'The path is absolute')),
  {
    ...windowsPath('unc-path', 'The path names a network share or a device on Windows'),
    kind: 'entry',
    traits: Trait.Backslash | Trait.LeadingSlash,
    check: (entry) => (/^[\\/]{2}/.test(entry.path) ? quote(entry.path) : undefined),
  },
  {
    ...windowsPath('drive-path', 'The path starts with a drive letter on Windows'),
    kind: 'entry',
    traits: Trait.Colon,
    check: (entry) => (/(?:^|\/)[A-Za-z]:/.test(entry.path) ? quote(entry.path) : undefined),
  },
  pathRule(
    Trait.Backslash,
    windowsPath(
      'backslash-path',
      'The path contains a backslash, which Windows treats as a separator',
    ),
  ),
  pathRule(
    Trait.Colon,
    windowsPath(
      'alternate-data-stream',
      'The path contains a colon, which on Windows names a stream of another file',
    ),
  ),
];
