import { quote } from '../../../../text/printable.ts';
import type { WheelRule } from '../../wheel-rule.ts';

/**
 * A name without separator, drive, stream, white space or control character: one path component on every system. For `a b = x:y`
 * pip makes a script `b`, others make `a b`.
 */
const NAME = /^[^\\/:*?"<>|[\]\s\p{Cc}]+$/u;
/** `module:attribute`, with extras. pip does not allow white space around the colon. */
const VALUE = /^[\w.]+:[\w.]+(?:\s*\[[\w\s,.-]*\])?$/;

export const wheelEntryPoint: WheelRule = {
  kind: 'metadata',
  id: 'wheel-entry-point',
  level: 'error',
  summary: 'A command in entry_points.txt does not have the name of a script, or it runs nothing',
  advice: {
    forUsers:
      'Do not install it: installers write a script under that name, and pip writes it outside its folder for scripts if the name leads there.',
    forPublishers:
      'Name commands by letters, digits, dots, underscores and hyphens, and let each name `module:function`.',
  },
  check: ({ entryPoints, tree }, report) => {
    if (entryPoints === undefined) return;
    const { content, entry } = entryPoints;
    if (content === undefined) {
      if (tree.complete) report(`the file has ${entry.size} bytes, and is not read`, entry);
      return;
    }
    if (content.wrong !== undefined) report(content.wrong, entry);
    for (const { name, value } of content.scripts) {
      if (!NAME.test(name) || /^\.+$/.test(name)) report(`the name ${quote(name)}`, entry);
      if (!VALUE.test(value)) report(`${quote(name)} runs ${quote(value)}`, entry);
    }
  },
};
