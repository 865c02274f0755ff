import { quote } from '../../../../text/printable.ts';
import { settledPath } from '../../../../tree/package-path.ts';
import { dataFolderOf, installPlace } from '../../places.ts';
import type { WheelRule } from '../../wheel-rule.ts';

export const wheelDataScheme: WheelRule = {
  kind: 'metadata',
  id: 'wheel-data-scheme',
  level: 'error',
  summary: 'A file in a .data folder is in a scheme that not all installers know',
  advice: {
    forUsers:
      'Do not install it: installers write such a file to different places. pip installs the files of every top folder that ends in `.data`, and other installers only those of the folder of this wheel.',
    forPublishers:
      'Put data files below `purelib`, `platlib`, `headers`, `scripts` or `data` of `<name>-<version>.data`; let no package of yours end in `.data`.',
  },
  check: ({ files, distInfo }, report) => {
    const own = distInfo?.replace(/\.dist-info$/, '.data');
    for (const [path, { entry }] of files) {
      const top = dataFolderOf(path);
      if (top === undefined) continue;
      if (top !== own)
        report(
          `${quote(path)} is in another .data folder than that of the wheel${own === undefined ? '' : `, ${quote(own)}`}`,
          entry,
        );
      else if (installPlace(path) === undefined) report(`${quote(path)} is in no scheme`, entry);
      // pip looks for the scheme before it normalises the path, and again afterwards.
      else if (settledPath(path) !== path) report(`${quote(path)} is not normalised`, entry);
    }
  },
};
