import type { Entry } from '../../../../containers/entry.ts';
import { quote } from '../../../../text/printable.ts';
import { dataFolderOf, installPlace, placeKey } from '../../places.ts';
import type { WheelPackage } from '../../wheel-package.ts';
import type { WheelRule } from '../../wheel-rule.ts';

interface Installed {
  readonly key: string;
  /** The file in words. */
  readonly name: string;
  readonly entry: Entry;
  /** Whether it is an entry of the archive. Rules of the tree report clashes between two entries. */
  readonly inTree: boolean;
}

function* installedBy({ files, entryPoints }: WheelPackage): Generator<Installed> {
  for (const [path, { entry }] of files) {
    const place = installPlace(path);
    const inTree = dataFolderOf(path) === undefined;
    if (place !== undefined) yield { key: placeKey(place), name: quote(path), entry, inTree };
  }
  if (entryPoints?.content === undefined) return;
  const { entry, content } = entryPoints;
  const commands = new Map<string, string>();
  for (const { name, value } of content.scripts) {
    const key = placeKey({ scheme: 'scripts', path: name });
    // Some wheels list a command twice, or for both kinds of scripts.
    if (commands.get(key) === value) continue;
    commands.set(key, value);
    yield {
      key,
      name: `the command ${quote(name)}, which runs ${quote(value)},`,
      entry,
      inTree: false,
    };
  }
}

export const wheelDataClash: WheelRule = {
  kind: 'metadata',
  id: 'wheel-data-clash',
  level: 'error',
  summary: 'Two files or commands of the wheel are installed to the same path',
  advice: {
    forUsers:
      'Do not install it: installers install different ones of the two, so you can get another file than a scanner has seen.',
    forPublishers:
      'Ship the file once: either at the top or below `purelib` or `platlib` of the `.data` folder. Let a script be a file or a command of entry_points.txt, not both.',
  },
  check: (wheel, report) => {
    const taken = new Map<string, Installed>();
    for (const installed of installedBy(wheel)) {
      const other = taken.get(installed.key);
      if (other === undefined) taken.set(installed.key, installed);
      else if (!installed.inTree || !other.inTree)
        report(`${installed.name} after ${other.name}`, installed.entry);
    }
  },
};
