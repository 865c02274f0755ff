/*
 * Adds the line of setup to the text of a profile, and takes it out again. The text has one character for each byte (latin1), so that
 * bytes that are not UTF-8 stay as they are.
 */
import { basename, dirname } from 'node:path';
import { shellWord } from '@tarwarden/core/text';
import { fishWord } from '../../completion/fish.ts';
import { PROFILE_MARK } from '../../shims/shim-files.ts';
import type { SETUP_SHELLS } from './definition.ts';

export type SetupShell = (typeof SETUP_SHELLS)[number];

/** The ends of the mark, which say what else setup added. */
const AND_LINE_END = ' and the line end before it';
const AND_FILE = ' and this file';

const MARK = `${PROFILE_MARK}(${AND_LINE_END}|${AND_FILE}|)`;
const POSIX_LINE = new RegExp(
  String.raw`^if \[ -r ('(?:[^']|'\\'')*') \]; then \. \1; fi ${MARK}$`,
);
const FISH_LINE = new RegExp(
  String.raw`^if test -r ('(?:[^'\\]|\\[\\'])*'); source \1; end ${MARK}$`,
);

/** The files that a profile loads, by the shell of the profile. */
const LOADED: Readonly<Record<SetupShell, string>> = {
  bash: 'profile.sh',
  zsh: 'profile.sh',
  fish: 'profile.fish',
};

/** The file in the folder of setup that the profile of a shell loads. */
export function loadedFile(shell: SetupShell): string {
  return LOADED[shell];
}

export function profileLine(shell: SetupShell, file: string): string {
  if (shell === 'fish')
    return `if test -r ${fishWord(file)}; source ${fishWord(file)}; end ${PROFILE_MARK}`;
  return `if [ -r ${shellWord(file)} ]; then . ${shellWord(file)}; fi ${PROFILE_MARK}`;
}

export interface MarkedLine {
  /** Counted from 1. */
  readonly number: number;
  /** The file that the line loads. Undefined if somebody has changed the line. */
  readonly file: string | undefined;
}

interface LocatedLine extends MarkedLine {
  readonly start: number;
  /** The position after its line end. */
  readonly end: number;
  readonly added: string;
}

export function markedLines(text: string): readonly MarkedLine[] {
  return locatedLines(text);
}

/** The text with a line at its end. Without a text, there is no file yet. */
export function withProfileLine(text: string | undefined, line: string): string {
  const added = bytesOf(line);
  if (text === undefined) return `${added}${AND_FILE}\n`;
  if (text === '' || text.endsWith('\n')) return `${text}${added}\n`;
  return `${text}\n${added}${AND_LINE_END}\n`;
}

/** The text without the lines that setup added. Undefined if nothing is left of a file that setup made. */
export function withoutProfileLines(text: string): string | undefined {
  let remaining = text;
  let madeFile = false;
  for (const { start, end, added, file } of locatedLines(text).toReversed()) {
    if (file === undefined) continue;
    const isLast = end === remaining.length;
    const before = remaining.slice(0, start);
    const keptText = added === AND_LINE_END && isLast ? before.replace(/\n$/, '') : before;
    remaining = keptText + remaining.slice(end);
    madeFile ||= added === AND_FILE;
  }
  return madeFile && remaining === '' ? undefined : remaining;
}

function locatedLines(text: string): LocatedLine[] {
  const located: LocatedLine[] = [];
  let start = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const end = Math.min(start + line.length + 1, text.length);
    if (line.includes(PROFILE_MARK)) {
      const [, word, added = ''] = POSIX_LINE.exec(line) ?? FISH_LINE.exec(line) ?? [];
      const isFish = line.startsWith('if test ');
      const file = word === undefined ? undefined : ownFile(unquoted(word, isFish));
      located.push({ number: index + 1, file, start, end, added });
    }
    start = end;
  }
  return located;
}

/** The file that a line loads, if setup writes a file of this name. */
function ownFile(file: string): string | undefined {
  const isOwn =
    Object.values(LOADED).includes(basename(file)) && basename(dirname(file)) === SHELL_FOLDER;
  return isOwn ? file : undefined;
}

/** The folder, beside that of the shims, with what profiles load. */
export const SHELL_FOLDER = 'shell';

function unquoted(word: string, isFish: boolean): string {
  const inner = Buffer.from(word.slice(1, -1), 'latin1').toString();
  return isFish ? inner.replaceAll(/\\([\\'])/g, '$1') : inner.replaceAll(String.raw`'\''`, "'");
}

function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}
