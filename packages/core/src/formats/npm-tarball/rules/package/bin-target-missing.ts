import { quote } from '../../../../text/printable.ts';
import type { MetadataRule } from '../../../../rules/rule.ts';

export const binTargetMissing: MetadataRule = {
  kind: 'metadata',
  id: 'bin-target-missing',
  level: 'note',
  summary: 'The package does not contain the file of one of its commands',
  advice: {
    forUsers: 'You need not do anything, unless you need the command: it has no file to run.',
    forPublishers: 'Add the file to `files`, or take the command out of `bin`.',
  },
  check: (npm, report) => {
    if (!npm.tree.complete) return;
    for (const { name, target, unsafe, place } of npm.bins) {
      // A folder exists, so it is not missing. `manifest-ambiguous-field` reports that it is not a command.
      if (unsafe !== undefined || place === 'file' || place === 'directory') continue;
      report(`${quote(name)} names ${quote(target)}`, npm.manifestEntries.at(-1));
    }
  },
};
