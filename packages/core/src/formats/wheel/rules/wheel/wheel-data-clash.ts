import { quote } from '../../../../text/printable.ts';
import { installPlace, isDataFolder, placeKey } from '../../places.ts';
import type { WheelRule } from '../../wheel-rule.ts';

export const rule: WheelRule = {
  kind: 'metadata',
  id: 'wheel-data-clash',
  level: 'error',
  summary: 'Two files of the wheel are installed to one place',
  advice: {
    forUsers:
      'Do not install it: which of the two files is installed depends on the installer, so it can be another one than a scanner has looked at.',
    forPublishers:
      'Ship the file once: either at the top or below `purelib` or `platlib` of the `.data` folder.',
  },
  check: ({ files }, report) => {
    // Without such a folder, two entries at one place are a matter of the tree.
    if (![...files.keys()].some((path) => isDataFolder(path.split('/', 1)[0]!))) return;
    const taken = new Map<string, string>();
    for (const [path, { entry }] of files) {
      const place = installPlace(path);
      if (place === undefined) continue;
      const key = placeKey(place);
      const other = taken.get(key);
      if (other === undefined) taken.set(key, path);
      else if (place.path !== path || isDataFolder(other.split('/', 1)[0]!))
        report(`${quote(path)} after ${quote(other)}`, entry);
    }
  },
};
