import { unsafeName } from '../../../../metadata/manifest.ts';
import { quote } from '../../../../text/printable.ts';
import type { MetadataRule } from '../../../../rules/rule.ts';

export const binEscapes: MetadataRule = {
  kind: 'metadata',
  id: 'bin-escapes',
  level: 'error',
  summary: 'A command of the package leads out of the package, or out of the folder of commands',
  advice: {
    forUsers:
      'Do not install it: the command would run or replace a file that does not belong to the package, or make it executable.',
    forPublishers: 'Name files of the package in `bin`, and give commands plain names.',
  },
  check: (npm, report) => {
    for (const { name, target, unsafe } of npm.bins) {
      const badName = unsafeName(name);
      if (badName !== undefined)
        report(`the name ${quote(name)}: ${badName}`, npm.manifestEntries.at(-1));
      const badTarget = target.startsWith('/') ? 'it is absolute' : unsafe;
      if (badTarget !== undefined)
        report(`the target ${quote(target)}: ${badTarget}`, npm.manifestEntries.at(-1));
    }
  },
};
