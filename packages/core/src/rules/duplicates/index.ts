import { MAX_SHORT_NAME_COMPARISONS } from '../../limits.ts';
import {
  type FileSet,
  type ClaimedPath,
  shortNameKeys,
  shortNameKeysOf,
} from '../../tree/file-set.ts';
import { quote } from '../../text/printable.ts';
import type { TreeRule, ReaderRule } from '../rule.ts';
import { advice, withCodes, type ProblemText } from '../table-rows.ts';

const nameCollision: ProblemText = withCodes({
  id: 'name-collision',
  level: 'error',
  summary: 'Two paths are one file on Windows or macOS',
  advice: advice(
    'Do not install it on Windows or macOS, where one file replaces the other. On a case-sensitive file system you can allow a package that you trust with `tarwarden allow`.',
    'Rename one of the files, so that they differ in more than case or the spelling of an accent, and no name ends in `~` and a number.',
  ),
});

/** Short names by their folder. One is kept for each long name that they may belong to. */
function shortNames(files: FileSet): Map<string, Map<string, ClaimedPath>> {
  const short = new Map<string, Map<string, ClaimedPath>>();
  for (const [key, claimedPath] of files.places) {
    const [folder, name] = split(key);
    for (const shortKey of shortNameKeys(name)) {
      const beside = short.get(folder) ?? new Map<string, ClaimedPath>();
      short.set(folder, beside.set(shortKey, claimedPath));
    }
  }
  return short;
}

function split(key: string): readonly [folder: string, name: string] {
  const slash = key.lastIndexOf('/');
  return [key.slice(0, Math.max(0, slash)), key.slice(slash + 1)];
}

export const duplicatesRules: readonly (ReaderRule | TreeRule)[] = [
  {
    id: 'duplicate-path',
    level: 'error',
    summary:
      'Two entries with different content have the same path: managers install the last one, but other tools may show the first',
    advice: advice(
      'Do not install it: the viewer of a registry or a scanner may show the first file, but managers install the last one.',
      'Find out why the file is packed twice. A build that writes files during packing is a known cause.',
    ),
  },
  {
    id: 'duplicate-path-identical',
    level: 'note',
    summary: 'Two entries with the same content have the same path',
    advice: advice(
      'You need not do anything, because both entries have the same content.',
      'Repack with a current packaging tool, which lists each file once.',
    ),
  },
  {
    id: 'repeated-directory',
    level: 'warning',
    elsewhere: {
      pypi: {
        level: 'note',
        reason:
          'pip, uv and other installers accept it; uv itself writes the entry of `.dist-info` after the entries in it.',
      },
    },
    summary: 'The entry creates a folder that already exists, and some extractors fail there',
    advice: advice(
      'You need not do anything, because installers create the folder once.',
      'List each folder once, or none at all.',
      {
        npm: advice(
          'You need not do anything, because installers create the folder once. Only Yarn 3 and 4 cannot install the package.',
          'Pack again with `npm pack`, which writes no entries for folders.',
        ),
        rubygems: advice(
          'Do not install it: RubyGems deletes the folder and the files in it before it creates the folder again.',
          'Build the gem with `gem build`, which writes no entries for folders.',
        ),
      },
    ),
  },
  nameCollision(
    'case-collision',
    'Two paths differ only in case, so one overwrites the other on Windows and macOS',
  ),
  nameCollision(
    'unicode-collision',
    'Two paths differ only in how Unicode is written, so one overwrites the other on macOS',
  ),
  {
    ...nameCollision(
      'short-name-collision',
      'A path is the short name that Windows may give to another file, so one of them overwrites the other there',
    ),
    kind: 'tree',
    check: (tree, report) => {
      if (!tree.files.tilde) return;
      const short = shortNames(tree.files);
      if (short.size === 0) return;
      let compared = 0;
      for (const [key, claimedPath] of tree.files.places) {
        const [folder, name] = split(key);
        const beside = short.get(folder);
        if (beside === undefined) continue;
        compared += 1;
        if (compared > MAX_SHORT_NAME_COMPARISONS) {
          report(
            `more than ${MAX_SHORT_NAME_COMPARISONS} names lie beside short ones`,
            claimedPath.entry,
          );
          return;
        }
        for (const candidate of shortNameKeysOf(name)) {
          const shortPath = beside.get(candidate);
          if (shortPath === undefined) continue;
          report(`${quote(shortPath.key)} may be ${quote(claimedPath.key)}`, shortPath.entry);
          break;
        }
      }
    },
  },
  {
    id: 'file-directory-conflict',
    level: 'error',
    summary: 'One path is a file for one entry and a folder for another',
    advice: advice(
      'Do not install it: managers keep different ones of the two, and some fail.',
      'Rename the file or the folder.',
    ),
  },
];
