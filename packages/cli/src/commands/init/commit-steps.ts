/* Asks git whether the files that init wrote will be committed, and says what to do if not. */
import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, posix } from 'node:path';
import { quote, shellWord } from '@tarwarden/core/text';
import { ignoredPaths, type IgnoredPath } from '@tarwarden/host';

/** The folder of the hook. It has a .gitignore of its own, which takes in everything below. */
const HOOK_FOLDER = '.tarwarden/';

/** Lines for the user about files that git ignores. Undefined if git does not say: there is no repository, or no git. */
export function commitSteps(root: string, paths: readonly string[]): string[] | undefined {
  // With --dry-run, that .gitignore may not be there yet.
  const isThere = existsSync(join(root, HOOK_FOLDER, '.gitignore'));
  const asked = isThere ? paths : paths.map((path) => (inHookFolder(path) ? HOOK_FOLDER : path));
  const ignored = ignoredPaths(root, [...new Set(asked)]);
  if (ignored === undefined) return undefined;
  if (ignored.length === 0) return [];
  const isTop = existsSync(join(root, '.git'));
  const folders = new Set(ignored.flatMap(({ path }) => levelsOf(path)));
  const all = (ignoredPaths(root, ['.', ...folders]) ?? []).filter(
    // git also applies `*` of a folder's own ignore file to the folder itself, and ignores no top of a repository.
    ({ path, file }) => (path === '.' ? !isTop && isOutside(file) : !file.startsWith(path)),
  );
  const levels = new Map([...ignored, ...all].map((found) => [found.path, found]));
  const forced = [...new Set(ignored.map(({ path }) => (inHookFolder(path) ? HOOK_FOLDER : path)))];
  const git = root === process.cwd() ? 'git' : `git -C ${shellWord(root)}`;
  const force = `${git} add -f ${forced.map((path) => path.replace(/\/$/, '')).join(' ')}`;
  const reasons = reasonsOf(ignored);
  if (levels.has('.'))
    return [
      ...reasons,
      `git ignores this whole folder. To commit the guard all the same: ${force}`,
    ];
  const additions = linesToAdd(ignored, levels);
  return [
    ...reasons,
    ...[...additions].flatMap(([file, lines]) => [
      `Add at the end of ${file}, and run this again:`,
      ...[...lines].map((line) => `    ${line}`),
    ]),
    `Or keep the ignore files, and commit the guard all the same: ${force}`,
  ];
}

/** One line for each pattern that leaves something out. */
function reasonsOf(ignored: readonly IgnoredPath[]): string[] {
  const reasons = new Map<string, { readonly rule: IgnoredPath; readonly paths: Set<string> }>();
  for (const rule of ignored) {
    const key = JSON.stringify([rule.file, rule.line]);
    const reason = reasons.get(key) ?? { rule, paths: new Set() };
    reason.paths.add(inHookFolder(rule.path) ? HOOK_FOLDER : rule.path);
    reasons.set(key, reason);
  }
  return [...reasons.values()].map(
    ({ rule, paths }) =>
      `git ignores ${[...paths].join(', ')}, because line ${rule.line} of ${rule.file} is ${quote(rule.pattern)}. Other clones would not have the guard.`,
  );
}

/** The lines that take the paths back in, for each ignore file. git takes nothing in below a folder that it ignores. */
function linesToAdd(
  ignored: readonly IgnoredPath[],
  found: ReadonlyMap<string, IgnoredPath>,
): Map<string, Set<string>> {
  const additions = new Map<string, Set<string>>();
  for (const { path } of ignored) {
    const levels = found.has(HOOK_FOLDER) && inHookFolder(path) ? [HOOK_FOLDER] : levelsOf(path);
    const first = levels.findIndex((level) => found.has(level));
    const file = ignoreFileFor(found.get(levels[first] ?? path));
    const lines = additions.get(file) ?? new Set();
    for (const level of levels.slice(first)) {
      const below = posix.relative(dirname(file), level);
      const isFolder = level.endsWith('/');
      lines.add(`!/${below}${isFolder ? '/' : ''}`);
      // The rest of the folder stays ignored, except beside the file.
      if (isFolder && levels.at(-2) !== level && levels.at(-1) !== level) lines.add(`/${below}/*`);
    }
    additions.set(file, lines);
  }
  return additions;
}

/** The project's own ignore file, unless one in a folder below decides: that is stronger. */
function ignoreFileFor(rule: IgnoredPath | undefined): string {
  const file = rule?.file ?? '';
  return basename(file) === '.gitignore' && !isOutside(file) ? file : '.gitignore';
}

function isOutside(file: string): boolean {
  return isAbsolute(file) || file.startsWith('../');
}

/** The folders above a path, and the path itself. */
function levelsOf(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((part, index) => {
    const isLast = index === parts.length - 1;
    return (
      parts.slice(0, index).concat(part).join('/') + (isLast && !path.endsWith('/') ? '' : '/')
    );
  });
}

function inHookFolder(path: string): boolean {
  return path.startsWith(HOOK_FOLDER);
}
