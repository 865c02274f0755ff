import { MAX_ENTRY_POINTS } from '../../limits.ts';

/** A command that installers write a script for. */
export interface Script {
  readonly name: string;
  readonly value: string;
}

export interface EntryPoints {
  readonly scripts: readonly Script[];
  /** Why it was not read to its end. */
  readonly wrong?: string;
}

const SCRIPTS: ReadonlySet<string> = new Set(['console_scripts', 'gui_scripts']);

/** Reads the commands of entry_points.txt, an INI file with `=` between name and value. */
export function readEntryPoints(bytes: Buffer): EntryPoints {
  const scripts: Script[] = [];
  let group: string | undefined;
  for (const raw of bytes.toString('utf8').split(/\r\n?|\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const [, section] = /^\[(.*)\]$/.exec(line) ?? [];
    if (section !== undefined) {
      group = section.trim();
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
