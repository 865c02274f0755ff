/* The lines that init prints: changes, files that stay, files that git ignores, and steps for the user. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { plural, printable, quote, shellWord, type Style } from '@tarwarden/core/text';
import { ignoredPaths } from '@tarwarden/guard';
import { changeVerb, type FileChange } from '../../edit/file-changes.ts';
import { type SetUpPlan, sha512 } from './project-files.ts';

/** Characters of a line that are shown. */
const LINE_CHARS = 400;
/** Of a new file with more lines, such as the plugin, only the sum is shown. */
const MAX_NEW_LINES = 5;
/** The folder of the hook. It has a .gitignore of its own, which takes in everything below. */
const HOOK_FOLDER = '.tarwarden/';

export function planLines(plan: SetUpPlan, style: Style): string[] {
  return [
    ...hookLines(plan.changes.filter(({ path }) => path.startsWith(HOOK_FOLDER))),
    ...plan.changes
      .filter(({ path }) => !path.startsWith(HOOK_FOLDER))
      .flatMap((change) => changeLines(change, style)),
    ...plan.kept.map((line) => `  kept    ${printable(line, LINE_CHARS)}`),
    ...byHandLines(plan.byHand, style),
  ];
}

export function byHandLines(lines: readonly string[], style: Style): string[] {
  return lines.map(
    (line, index) =>
      `  ${index === 0 ? style.yellow('by hand') : '       '} ${printable(line, LINE_CHARS)}`,
  );
}

/** The hook has many files, which nobody edits. Its list of sums names them. */
function hookLines(changes: readonly FileChange[]): string[] {
  const kinds = [...new Set(changes.map((change) => changeVerb([change])))];
  return kinds.map((kind) => {
    const count = changes.filter((change) => changeVerb([change]) === kind).length;
    return `  ${kind} ${HOOK_FOLDER} (the hook: ${plural(count, 'file')}, listed in ${HOOK_FOLDER}SHA512SUMS)`;
  });
}

function changeLines(change: FileChange, style: Style): string[] {
  const { path, before, after } = change;
  const head = `  ${changeVerb([change])} ${printable(path)}`;
  if (after === undefined) return [head];
  const [oldLines, nextLines] = [linesOf(before), linesOf(after)];
  const isShown = before !== undefined || nextLines.length <= MAX_NEW_LINES;
  const lines = [
    ...oldLines
      .filter((line) => !nextLines.includes(line))
      .map((line) => style.red(`- ${shownLine(line)}`)),
    ...nextLines
      .filter((line) => !oldLines.includes(line))
      .map((line) => style.bold(`+ ${shownLine(line)}`)),
  ];
  return [
    `${head} (${after.length} bytes, SHA-512 ${sha512(after).slice(0, 16)}…)`,
    ...(isShown ? lines.map((line) => `          ${line}`) : []),
  ];
}

function shownLine(line: string): string {
  return printable(line, LINE_CHARS);
}

function linesOf(bytes: Buffer | undefined): string[] {
  return (
    bytes
      ?.toString()
      .split(/\r?\n/)
      .filter((line) => line !== '') ?? []
  );
}

/** Steps for files that git will not commit. Undefined if git does not say: there is no repository, or no git. */
export function commitSteps(root: string, paths: readonly string[]): string[] | undefined {
  // With --dry-run, that .gitignore may not be there yet.
  const isThere = existsSync(join(root, HOOK_FOLDER, '.gitignore'));
  const pathToAdd = (path: string): string => (path.startsWith(HOOK_FOLDER) ? HOOK_FOLDER : path);
  const ignored = ignoredPaths(root, [...new Set(isThere ? paths : paths.map(pathToAdd))]);
  if (ignored === undefined || ignored.length === 0) return ignored && [];
  const reasons = new Map<string, Set<string>>();
  for (const { path, file, line, pattern } of ignored) {
    const reason = `because line ${line} of ${file} is ${quote(pattern)}`;
    reasons.set(reason, (reasons.get(reason) ?? new Set()).add(pathToAdd(path)));
  }
  const git = root === process.cwd() ? 'git' : `git -C ${shellWord(root)}`;
  const files = [...new Set(ignored.map(({ path }) => pathToAdd(path).replace(/\/$/, '')))];
  return [
    ...[...reasons].map(
      ([reason, names]) =>
        `git ignores ${[...names].join(', ')}, ${reason}. Other clones would not have the guard.`,
    ),
    `Change that line, or commit the guard all the same: ${git} add -f ${files.join(' ')}`,
  ];
}
