/*
 * Finds the folders that workspace patterns name: `workspaces` of a package.json, `packages` of a pnpm-workspace.yaml. npm, pnpm,
 * Yarn and bun each have their own matcher. A pattern is understood here if all of them agree on it, as
 * test/differential/settings/workspaces.test.ts shows. Any other pattern matches all folders below the parts that are understood. A
 * repository writes the patterns, so the work is bounded: no pattern becomes a regular expression.
 */
import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { folderEntries } from './folder-entries.ts';

/** The most patterns, folders looked at, and names that one part with braces expands to. */
const PATTERNS_MAX = 1000;
const FOLDERS_MAX = 20_000;
const NAMES_MAX = 100;

/** `**`; any name, hidden ones too; or names with `*` and `?`. */
type Part = '**' | 'anything' | readonly string[];

interface Pattern {
  readonly isExclusion: boolean;
  readonly isUnderstood: boolean;
  /** If the pattern is not understood, the parts may match more folders than it does. */
  readonly parts: readonly Part[];
}

/** Whether a folder is certainly a package of a workspace: pnpm 11 and 12 install any other without the pnpmfile of the workspace. */
export function isMember(root: string, folder: string, patterns: unknown): boolean {
  if (folder === root) return true;
  const names = relative(root, folder).split(sep);
  if (names[0] === '..' || names.includes('node_modules')) return false;
  const globs = listOf(patterns).map(patternOf);
  return (
    globs.some((glob) => !glob.isExclusion && glob.isUnderstood && matches(glob, names)) &&
    !globs.some((glob) => glob.isExclusion && (!glob.isUnderstood || matches(glob, names)))
  );
}

/** Whether a folder may be a package of a workspace. A later pattern overrides an earlier one, as for npm and bun. */
export function mayBeMember(root: string, folder: string, patterns: readonly string[]): boolean {
  const names = relative(root, folder).split(sep);
  const lastMatch = patterns
    .map(patternOf)
    .findLast((glob) => (!glob.isExclusion || glob.isUnderstood) && matches(glob, names));
  return lastMatch?.isExclusion === false;
}

/** Whether it is certain which folders a pattern matches. */
export function isUnderstood(pattern: unknown): boolean {
  return patternOf(pattern).isUnderstood;
}

/** Every folder with one of these manifests that the patterns may match. Exclusions are ignored. */
export function workspaceFolders(
  root: string,
  patterns: readonly string[],
  manifests: readonly string[] = ['package.json'],
): readonly string[] {
  const globs = [...new Set(patterns)].slice(0, PATTERNS_MAX).map(patternOf);
  const starts = globs.filter((glob) => !glob.isExclusion).map(({ parts }) => startOf(parts));
  const folders = new Set<string>();
  const waiting: [string, readonly Progress[]][] = [[root, starts]];
  for (const [folder, progresses] of waiting) {
    if (progresses.some(isComplete) && manifests.some((name) => existsSync(join(folder, name))))
      folders.add(folder);
    for (const [name, isLink] of namesBelow(folder, progresses)) {
      const further = progresses
        .map((way) => stepped(way, name, isLink))
        .filter(({ positions }) => positions.size > 0);
      if (further.length > 0 && waiting.length < FOLDERS_MAX)
        waiting.push([join(folder, name), further]);
    }
  }
  return [...folders];
}

/** Names to look at, and whether each is a link. A folder is not listed for names that the patterns spell out. */
function namesBelow(folder: string, progresses: readonly Progress[]): ReadonlyMap<string, boolean> {
  const nextParts = progresses.flatMap(({ parts, positions }) =>
    [...positions].flatMap((index) => parts[index] ?? []),
  );
  const isWild = nextParts.some((part) => typeof part === 'string' && /[*?]|^anything$/.test(part));
  const spelled = nextParts.filter((part) => !/[*?]|^anything$/.test(part));
  const entries = isWild ? folderEntries(folder).filter((entry) => !entry.isFile()) : [];
  return new Map<string, boolean>([
    ...spelled.map((name): [string, boolean] => [name, false]),
    ...entries.map((entry): [string, boolean] => [entry.name, entry.isSymbolicLink()]),
  ]);
}

/** The progress of a path through a pattern: the parts that its next name may match. */
interface Progress {
  readonly parts: readonly Part[];
  readonly positions: ReadonlySet<number>;
}

function startOf(parts: readonly Part[]): Progress {
  return { parts, positions: reached(parts, [0]) };
}

/** A link to a folder is followed, but `**` does not match below it. */
function stepped({ parts, positions }: Progress, name: string, isLink = false): Progress {
  const nextPositions = [...positions].flatMap((index): number[] => {
    const part = parts[index];
    if (part === undefined || !matchesPart(part, name)) return [];
    return [typeof part === 'string' && !isLink ? index : index + 1];
  });
  return { parts, positions: reached(parts, nextPositions) };
}

/** `**` may match no folder at all. */
function reached(parts: readonly Part[], indices: readonly number[]): ReadonlySet<number> {
  const positions = new Set(indices);
  for (const index of positions) if (typeof parts[index] === 'string') positions.add(index + 1);
  return positions;
}

function isComplete({ parts, positions }: Progress): boolean {
  return positions.has(parts.length);
}

function matches({ parts }: Pattern, path: readonly string[]): boolean {
  return isComplete(path.reduce((progress, name) => stepped(progress, name), startOf(parts)));
}

function matchesPart(part: Part, name: string): boolean {
  if (typeof part !== 'string') return part.some((pattern) => matchesName(pattern, name));
  return part === 'anything' ? name !== 'node_modules' && name !== '.git' : matchesName('*', name);
}

/** `*` and `?` match no hidden name, and no node_modules. */
function matchesName(pattern: string, name: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === name;
  if (name === 'node_modules' || (name.startsWith('.') && !pattern.startsWith('.'))) return false;
  let [patternIndex, star, retry] = [0, -1, 0];
  for (let index = 0; index < name.length;)
    if (pattern[patternIndex] === '*') [star, retry] = [patternIndex++, index];
    else if (pattern[patternIndex] === '?' || pattern[patternIndex] === name[index])
      [patternIndex, index] = [patternIndex + 1, index + 1];
    else if (star >= 0) [patternIndex, index] = [star + 1, ++retry];
    else return false;
  return /^\**$/.test(pattern.slice(patternIndex));
}

function listOf(patterns: unknown): readonly unknown[] {
  return Array.isArray(patterns) ? (patterns as readonly unknown[]) : [];
}

function patternOf(pattern: unknown): Pattern {
  const text = String(pattern);
  const isExclusion = text.startsWith('!');
  return { isExclusion, ...understood(isExclusion ? text.slice(1) : text) };
}

function understood(text: string): Pick<Pattern, 'isUnderstood' | 'parts'> {
  // Clients read a backslash as a slash or as nothing.
  if (/\\|^\s|\s$/.test(text)) return { isUnderstood: false, parts: ['anything'] };
  const leadsBack = /(?:^|\/)\.\.(?:\/|$)/.test(text);
  let isUnderstood = !/^\/|(?:^|\/)\.(?:\/|$)/.test(text.replace(/^\.\//, ''));
  const parts: Part[] = [];
  for (const word of text.split('/').filter((segment) => segment !== '' && segment !== '.')) {
    const part = word === '..' ? [word] : partOf(word);
    const isBack = word === '..' && parts.length > 0 && parts.at(-1)?.[0] !== '..';
    if (part === undefined || (isBack && !isSpelled(parts.at(-1)!)))
      return { isUnderstood: false, parts: leadsBack ? ['anything'] : [...parts, 'anything'] };
    if (isBack) parts.pop();
    else if (part !== '**' || parts.at(-1) !== '**') parts.push(part);
  }
  isUnderstood &&= parts.length > 0 && parts[0]?.[0] !== '..';
  return { isUnderstood, parts };
}

function isSpelled(part: Part): boolean {
  return typeof part !== 'string' && part.length === 1 && !/[*?]/.test(part[0]!);
}

/** A part on which all clients agree. */
function partOf(text: string): Part | undefined {
  if (text === '**') return text;
  if (!/^(?:[\w.@+ *?-]|\{[\w.@+*?,-]+\})+$/.test(text)) return undefined;
  let names = [''];
  for (const [, plain, inside = ''] of text.matchAll(/([^{]+)|\{([^}]*)\}/g)) {
    const ends = plain === undefined ? inside.split(',') : [plain];
    // Clients read these differently in braces: a single name, an empty or hidden name, and `**`.
    const isOdd = (end: string): boolean =>
      end === '' || end.includes('**') || (end.startsWith('.') && names[0] === '');
    if (plain === undefined && (ends.length < 2 || ends.some(isOdd))) return undefined;
    if (names.length * ends.length > NAMES_MAX) return undefined;
    names = names.flatMap((start) => ends.map((end) => start + end));
  }
  return names;
}
