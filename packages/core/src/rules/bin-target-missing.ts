import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const binTargetMissing: Rule<'bin-target-missing'> = defineRule({
  id: 'bin-target-missing',
  level: 'note',
  summary: 'A command of the package has no file in it',
  remedy:
    'Nothing needs doing, unless you need the command: it has no file to run. As its publisher, add the file to `files`, or take the command out of `bin`.',
  package: (contents, tell) => {
    if (!contents.complete) return;
    for (const { name, target, unsafe, place } of contents.bins) {
      // A folder is there, but is no command: `manifest-ambiguous-field` says so.
      if (unsafe !== undefined || place === 'file' || place === 'directory') continue;
      tell(`${quote(name)} names ${quote(target)}`, contents.manifestEntries.at(-1));
    }
  },
});
