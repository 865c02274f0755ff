/* The folders that the patterns of `workspaces` name. Where it is not known what a pattern leaves out, more folders than bun takes. */
import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

/** Folders that are looked at, and patterns that one with braces stands for. */
const FOLDERS_MAX = 10_000;
const PATTERNS_MAX = 100;

/** More `*` in one name would let a repository keep us busy. */
const STARS_MAX = 3;

const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', '.git']);

export function workspaceFolders(root: string, pattern: string): string[] {
  return [...new Set(withoutBraces(pattern).flatMap((one) => foldersOf(root, one)))];
}

/** `{a,b}/c` as `a/c` and `b/c`. */
function withoutBraces(pattern: string): string[] {
  const done: string[] = [];
  const waiting = [pattern];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const [braces, inside] = /\{([^{}]*)\}/.exec(one) ?? [];
    if (braces === undefined) done.push(one);
    else if (waiting.length + done.length < PATTERNS_MAX)
      waiting.push(
        ...inside!.split(',', PATTERNS_MAX).map((part) => one!.replace(braces, () => part)),
      );
  }
  return done.slice(0, PATTERNS_MAX);
}

function foldersOf(root: string, pattern: string): string[] {
  let folders = [root];
  for (const part of pattern.split('/').filter((one) => one !== '' && one !== '.')) {
    if (part === '**') folders = allBelow(folders);
    else if (!/[*?[\]]/.test(part)) folders = folders.map((folder) => join(folder, part));
    else {
      const isMeant = meaningOf(part);
      folders = folders.flatMap((folder) =>
        entriesIn(folder)
          .filter((entry) => !entry.isFile() && isMeant(entry.name))
          .map(({ name }) => join(folder, name)),
      );
    }
    folders = folders.slice(0, FOLDERS_MAX);
  }
  return folders;
}

/** What a name has to be. A class of characters, and many stars, are taken for anything. */
function meaningOf(part: string): (name: string) => boolean {
  if (/[[\]]/.test(part) || part.split(/\*+/).length - 1 > STARS_MAX) return () => true;
  const expression = part
    .replaceAll(/[\\^$.|+()]/g, String.raw`\$&`)
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  const whole = new RegExp(`^${expression}$`, 's');
  return (name) => whole.test(name);
}

/** Folders and those below them, along no link. */
function allBelow(folders: readonly string[]): string[] {
  const all = new Set(folders);
  for (const folder of all)
    for (const entry of entriesIn(folder)) {
      if (all.size >= FOLDERS_MAX) return [...all];
      if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) all.add(join(folder, entry.name));
    }
  return [...all];
}

function entriesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
