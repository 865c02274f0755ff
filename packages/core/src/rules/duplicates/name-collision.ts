import { MAX_SHORT_NAME_COMPARISONS } from '../../limits.ts';
import type { FileSet, ClaimedPath } from '../../tree/file-set.ts';
import { shortNameKeys, shortNameKeysOf } from '../../tree/short-name.ts';
import { quote } from '../../text/printable.ts';
import type { TreeRule } from '../rule.ts';
import { withCodes, type ProblemText } from '../table-rows.ts';

export const nameCollision: ProblemText = withCodes({
  id: 'name-collision',
  level: 'error',
  summary: 'Two paths are one file on Windows or macOS',
  advice: {
    forUsers:
      'Do not install it on Windows or macOS, where one file replaces the other. On a case-sensitive file system you can allow a package that you trust with `tarwarden allow`.',
    forPublishers:
      'Rename one of the files, so that they differ in more than case or the spelling of an accent, and no name ends in `~` and a number.',
  },
});

export const shortNameCollision: TreeRule = {
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
    for (const [key, place] of tree.files.places) {
      const [folder, name] = split(key);
      const beside = short.get(folder);
      if (beside === undefined) continue;
      compared += 1;
      if (compared > MAX_SHORT_NAME_COMPARISONS) {
        report(`more than ${MAX_SHORT_NAME_COMPARISONS} names lie beside short ones`, place.entry);
        return;
      }
      for (const candidate of shortNameKeysOf(name)) {
        const found = beside.get(candidate);
        if (found === undefined) continue;
        report(`${quote(found.key)} may be ${quote(place.key)}`, found.entry);
        break;
      }
    }
  },
};

/** Short names by their folder. One is kept for each long name that they may belong to. */
function shortNames(files: FileSet): Map<string, Map<string, ClaimedPath>> {
  const short = new Map<string, Map<string, ClaimedPath>>();
  for (const [key, place] of files.places) {
    const [folder, name] = split(key);
    for (const said of shortNameKeys(name)) {
      const beside = short.get(folder) ?? new Map<string, ClaimedPath>();
      short.set(folder, beside.set(said, place));
    }
  }
  return short;
}

function split(key: string): readonly [folder: string, name: string] {
  const slash = key.lastIndexOf('/');
  return [key.slice(0, Math.max(0, slash)), key.slice(slash + 1)];
}
