import { unsafeName } from '../package/manifest.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const binEscapes: Rule<'bin-escapes'> = defineRule({
  id: 'bin-escapes',
  level: 'error',
  summary: 'A command of the package leads out of it, or out of the folder of commands',
  remedy:
    "Do not install it: the command would run, make executable or replace a file that is not the package's. As its publisher, name files of the package in `bin`, and give commands plain names.",
  package: (contents, tell) => {
    for (const { name, target, unsafe } of contents.bins) {
      const badName = unsafeName(name);
      if (badName !== undefined)
        tell(`the name ${quote(name)}: ${badName}`, contents.manifestEntries.at(-1));
      const badTarget = target.startsWith('/') ? 'it is absolute' : unsafe;
      if (badTarget !== undefined)
        tell(`the target ${quote(target)}: ${badTarget}`, contents.manifestEntries.at(-1));
    }
  },
});
