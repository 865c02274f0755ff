/* The lines that init prints for each manager: changes, files that stay, and steps for the user. */
import { printable, type Style } from '@tarwarden/core/text';
import { type FileChange, type SetUpPlan, sha512 } from './project-files.ts';

/** Characters of a line that are shown. */
const LINE_CHARS = 400;
/** Only the sums of larger files are shown. */
const SHOWN_BYTES = 256 * 1024;

export function planLines(plan: SetUpPlan, style: Style): string[] {
  return [
    ...folderLines(plan.changes.filter(isOfHook)),
    ...plan.changes
      .filter((change) => !isOfHook(change))
      .flatMap((each) => changeLines(each, style)),
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

/** The hook is a folder of many files, which nobody edits. Its list of sums names them. */
function isOfHook({ path }: FileChange): boolean {
  return path.startsWith('.tarwarden/');
}

function folderLines(changes: readonly FileChange[]): string[] {
  const kinds = [
    ['new    ', changes.filter(({ before }) => before === undefined)],
    ['change ', changes.filter(({ before, after }) => before !== undefined && after !== undefined)],
    ['remove ', changes.filter(({ after }) => after === undefined)],
  ] as const;
  return kinds.flatMap(([kind, { length }]) =>
    length === 0
      ? []
      : `  ${kind} .tarwarden/ (the hook: ${length} ${length === 1 ? 'file' : 'files'}, listed in .tarwarden/SHA512SUMS)`,
  );
}

function changeLines({ path, before, after }: FileChange, style: Style): string[] {
  const name = printable(path);
  if (after === undefined) return [`  remove  ${name}`];
  const size = `${after.length} bytes, SHA-512 ${sha512(after).slice(0, 16)}…`;
  if (before === undefined) return [`  new     ${name} (${size})`, ...textLines('', after, style)];
  return [`  change  ${name} (${size})`, ...textLines(before.toString(), after, style)];
}

/** The lines that are removed and added, for text files. */
function textLines(before: string, after: Buffer, style: Style): string[] {
  if (after.length > SHOWN_BYTES || before.length > SHOWN_BYTES) return [];
  const [old, now] = [linesIn(before), linesIn(after.toString())];
  if (before === '' && now.length > MAX_NEW_LINES) return [];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let [oldEnd, nowEnd] = [old.length, now.length];
  // Compared from the end, because init adds to a file or removes from it.
  const shown: string[] = [];
  while (head < oldEnd || head < nowEnd) {
    if (old[oldEnd - 1] === now[nowEnd - 1] && oldEnd > head && nowEnd > head) {
      oldEnd--;
      nowEnd--;
    } else if (oldEnd - head > nowEnd - head)
      shown.unshift(style.red(`- ${shownLine(old[--oldEnd])}`));
    else shown.unshift(style.bold(`+ ${shownLine(now[--nowEnd])}`));
  }
  return shown.map((line) => `          ${line}`);
}

/** New files with more lines are named, and their text is not shown. */
const MAX_NEW_LINES = 5;

function shownLine(line = ''): string {
  return printable(line, LINE_CHARS);
}

function linesIn(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
