import {
  VIEWER_NAMES,
  type Comparison,
  type Unpacked,
  type View,
  type Viewer,
} from './readers/index.ts';
import { plural, quote, type Style } from '../text/index.ts';
import type { Verdict } from '../index.ts';

/** Paths with differences that are shown. The others are counted. */
const MAX_DIFFERENCES = 30;
const MAX_LOST = 5;
const MAX_FOLDED = 5;

type Verb = 'install' | 'unpack';

/** Lines, escaped, that say what each manager installs from the archive, and on which paths managers differ. */
export function comparisonLines(compared: Comparison, verdict: Verdict, style: Style): string[] {
  const { views, agree } = compared;
  const verb = verdict.format === 'sdist' ? 'unpack' : 'install';
  const who = verdict.format === 'npm' ? 'package manager' : 'client';
  const lines = [
    style.bold(`Who is affected: what each ${who} would ${verb}, if nothing stopped it`),
  ];
  const [first, ...others] = views;
  const isPlain = views.every((view) => view.note === '' && outsideOf(view).length === 0);
  if (agree && isPlain && first !== undefined && others.length > 0) {
    const all = views.map(({ viewer }) => VIEWER_NAMES[viewer]).join(', ');
    lines.push(`  ${all}: all ${verb} the same, ${contents(first)}.`);
    if (verdict.status === 'reject')
      lines.push('  That they agree does not make it safe: what is wrong is reported above.');
  } else lines.push(...outcomeLines(views, verb));
  return [...lines, ...foldedLines(compared), ...differenceLines(compared, style)];
}

/** Lines for an archive of Yarn's cache. */
export function onlyYarnLines(style: Style): string[] {
  return [
    style.bold('Who is affected'),
    '  Yarn 3 and 4, which install from such archives of their cache. No other package manager opens one.',
  ];
}

function foldedLines({ folded }: Comparison): string[] {
  const lines = folded
    .slice(0, MAX_FOLDED)
    .map((paths) => `      ${paths.slice(0, MAX_FOLDED).map(quote).join(', ')}`);
  if (lines.length === 0) return [];
  const cut = folded.length - lines.length;
  return [
    '  That is on Linux. On Windows and macOS these are one name, of which the last file written is left:',
    ...lines,
    ...(cut > 0 ? [`      … and ${plural(cut, 'more group')}`] : []),
  ];
}

function differenceLines({ differences }: Comparison, style: Style): string[] {
  if (differences.length === 0) return [];
  const lines = ['', style.bold('Where those that install it differ')];
  for (const { path, seen } of differences.slice(0, MAX_DIFFERENCES)) {
    lines.push(`  ${style.bold(quote(path))}`);
    const sizes = seen.flatMap(({ file }) => (file?.kind === 'file' ? [file.size] : []));
    const contentsOf = seen.flatMap(({ file }) => (file === null ? [] : [fileKey(file)]));
    const alike = new Set(sizes).size < new Set(contentsOf).size;
    const groups = new Map<string, Viewer[]>();
    for (const { viewer, file } of seen) {
      const words = describe(file, alike);
      groups.set(words, [...(groups.get(words) ?? []), viewer]);
    }
    for (const [words, viewers] of groups)
      lines.push(`    ${viewers.map((viewer) => VIEWER_NAMES[viewer]).join(', ')}: ${words}`);
  }
  const cut = differences.length - MAX_DIFFERENCES;
  if (cut > 0) lines.push(style.dim(`  … and ${plural(cut, 'more path')}`));
  return lines;
}

/** Lines with the result for each manager. Managers with the same result share a line. */
function outcomeLines(views: readonly View[], verb: Verb): string[] {
  const groups = new Map<string, { words: string[]; names: string[] }>();
  for (const view of views) {
    const words = outcomeOf(view, verb);
    const key = words.join('\n').replace(/^(?:installs|unpacks|does)/, '');
    const group = groups.get(key) ?? { words, names: [] };
    group.names.push(VIEWER_NAMES[view.viewer]);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ words: [first = '', ...rest], names }) => {
    const several = names.length > 1 || / and |–/.test(names[0] ?? '');
    const words = several
      ? first.replace(/^does /, 'do ').replace(/^(?:install|unpack)s/, verb)
      : first;
    return [`  ${names.join(', ')}: ${words}`, ...rest];
  });
}

function outcomeOf(view: View, verb: Verb): string[] {
  const { outcome, note, lost } = view;
  if (outcome === 'unknown') return [`not modelled, since ${note}`];
  if (outcome === 'error') return [`does not ${verb} it, since ${note}`];
  const listed = lost.slice(0, MAX_LOST);
  const more = lost.length - listed.length;
  const outside = outsideOf(view);
  return [
    `${verb}s ${contents(view)}${note === '' ? '' : `: ${note}`}`,
    ...outside
      .slice(0, MAX_LOST)
      .map(({ path }) => `      writes outside its folder: ${quote(path)}`),
    ...(outside.length > MAX_LOST
      ? [`      writes ${outside.length - MAX_LOST} more outside its folder`]
      : []),
    ...listed.map(({ path, why }) => `      leaves out ${quote(path)}: ${why}`),
    ...(more > 0 ? [`      leaves out ${more} more`] : []),
  ];
}

function outsideOf({ files }: View): readonly Unpacked[] {
  return files.filter(({ outside }) => outside === true);
}

function contents({ files }: View): string {
  const links = files.filter(({ kind }) => kind === 'link').length;
  const plain = plural(files.length - links, 'file');
  return links === 0 ? plain : `${plain} and ${plural(links, 'link')}`;
}

function fileKey(file: Unpacked): string {
  if (file.kind === 'command') return file.kind;
  return file.kind === 'file' ? file.sha256 : file.target;
}

function describe(file: Unpacked | null, withContent: boolean): string {
  if (file === null) return 'nothing';
  if (file.kind === 'link') return `a link to ${quote(file.target)}`;
  if (file.kind === 'command') return 'a command that it writes by itself';
  const content = withContent ? `, content ${file.sha256.slice(0, 8)}…` : '';
  return `a file of ${plural(file.size, 'byte')}, mode ${file.mode.toString(8)}${rights(file.mode)}${content}`;
}

function rights(mode: number): string {
  const special = (mode & 0o7000) === 0 ? '' : ', it runs with the rights of its owner or group';
  if ((mode & 0o111) === 0) return special;
  return ((mode & 0o100) === 0 ? ' (its owner cannot run it)' : ' (can be run)') + special;
}
