import { quote } from '../../../../text/printable.ts';
import { installPlace, isDataFolder } from '../../places.ts';
import type { WheelRule } from '../../wheel-rule.ts';

export const rule: WheelRule = {
  kind: 'metadata',
  id: 'wheel-data-scheme',
  level: 'error',
  summary:
    'A file lies in a .data folder that is not the one of the wheel, or in none of its schemes',
  advice: {
    forUsers:
      'Do not install it: pip takes every top folder that ends in `.data` as one to spread over the system, other installers only that of the wheel.',
    forPublishers:
      'Put data files below `purelib`, `platlib`, `headers`, `scripts` or `data` of `<name>-<version>.data`; let no package of yours end in `.data`.',
  },
  check: ({ files, distInfo }, report) => {
    const own = distInfo?.replace(/\.dist-info$/, '.data');
    for (const [path, { entry }] of files) {
      const [top = ''] = path.split('/', 1);
      if (!isDataFolder(top)) continue;
      if (top !== own)
        report(`${quote(path)} is not below ${quote(own ?? 'the one of the wheel')}`, entry);
      else if (installPlace(path) === undefined) report(`${quote(path)} is in no scheme`, entry);
    }
  },
};
