import { MAX_ENTRY_POINTS } from '../../limits.ts';
import { strayCharacter } from '../../metadata/pypi/stray-characters.ts';

/** A command that installers write a script for. */
export interface Script {
  readonly name: string;
  readonly value: string;
}

export interface EntryPoints {
  readonly scripts: readonly Script[];
  /** The reason why it was not read to its end. */
  readonly wrong?: string;
}

const SCRIPTS: ReadonlySet<string> = new Set(['console_scripts', 'gui_scripts']);

/** A group. Python removes all brackets around the name, others only one, so the name must not contain any. */
const GROUP = /^\[([^[\]]+)\]$/;

/**
 * Reads the commands of entry_points.txt as Python does (importlib.metadata, pkg_resources): lines of `name = value` in groups. It
 * looks like an INI file, but only `#` begins a comment.
 */
export function readEntryPoints(bytes: Buffer): EntryPoints {
  const text = bytes.toString('utf8');
  const stray = strayCharacter(text);
  if (stray !== undefined) return { scripts: [], wrong: stray };
  const scripts: Script[] = [];
  let group: string | undefined;
  for (const raw of text.split(/\r\n?|\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      const [, name] = GROUP.exec(line) ?? [];
      if (name === undefined)
        return { scripts, wrong: 'a line begins with `[` and names no group' };
      group = name.trim();
      // pkg_resources removes the white space. importlib.metadata and configparser look for the name with it.
      if (group !== name && SCRIPTS.has(group))
        return { scripts, wrong: `white space is around the name of the group ${group}` };
      continue;
    }
    if (group === undefined) return { scripts, wrong: 'a line comes before the first group' };
    if (!SCRIPTS.has(group)) continue;
    const equals = line.indexOf('=');
    if (equals < 0) return { scripts, wrong: 'a line of commands has no `=`' };
    if (scripts.length >= MAX_ENTRY_POINTS)
      return { scripts, wrong: `it has more than ${MAX_ENTRY_POINTS} commands` };
    scripts.push({
      name: line.slice(0, equals).trim(),
      value: line.slice(equals + 1).trim(),
    });
  }
  return { scripts };
}
