import {
  VIEWER_NAMES,
  type Comparison,
  type Unpacked,
  type View,
  type Viewer,
} from './readers/view.ts';
import {
  plural,
  quote,
  type Style,
  type Line,
  lineText,
  printable,
  printablePath,
  wrapped,
} from '@tarwarden/core/text';
import type { Verdict, Finding, Format } from '@tarwarden/core';
import { rejects } from '@tarwarden/core/finding';
import { posix } from 'node:path';
import { claimedPackage } from '@tarwarden/core/policy';
import { type Explanation, offsetPlace } from './explain.ts';
import {
  findingLines,
  notesOf,
  omittedLines,
  plainSentence,
  remedyFor,
  ruleReference,
} from '@tarwarden/core/report';

/** Paths with differences that are shown. The others are counted. */
const MAX_DIFFERENCES = 30;
const MAX_LOST = 5;
const MAX_FOLDED = 5;

type Verb = 'install' | 'unpack';

/** Lines, escaped, that say what each manager installs from the archive, and on which paths managers differ. */
function comparisonLines(compared: Comparison, verdict: Verdict, style: Style): string[] {
  const { views, agree } = compared;
  const verb = verdict.format === 'sdist' ? 'unpack' : 'install';
  const clientNoun = verdict.format === 'npm' ? 'package manager' : 'client';
  const lines = [
    style.bold(`Who is affected: what each ${clientNoun} would ${verb}, if nothing stopped it`),
  ];
  const [first, ...otherViews] = views;
  const isPlain = views.every((view) => view.note === '' && outsideOf(view).length === 0);
  if (agree && isPlain && first !== undefined && otherViews.length > 0) {
    const viewerNames = views.map(({ viewer }) => VIEWER_NAMES[viewer]).join(', ');
    lines.push(`  ${viewerNames}: all ${verb} the same, ${contents(first)}.`);
    if (verdict.status === 'reject')
      lines.push('  That they agree does not make it safe: what is wrong is reported above.');
  } else lines.push(...outcomeLines(views, verb));
  return [...lines, ...foldedLines(compared), ...differenceLines(compared, style)];
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
  for (const { path, seen: viewedFiles } of differences.slice(0, MAX_DIFFERENCES)) {
    lines.push(`  ${style.bold(quote(path))}`);
    const sizes = viewedFiles.flatMap(({ file }) => (file?.kind === 'file' ? [file.size] : []));
    const contentsOf = viewedFiles.flatMap(({ file }) => {
      if (file === null) return [];
      return file.kind === 'file' ? file.sha256 : file.kind === 'link' ? file.target : file.kind;
    });
    const alike = new Set(sizes).size < new Set(contentsOf).size;
    const groups = new Map<string, Viewer[]>();
    for (const { viewer, file } of viewedFiles) {
      const description = describe(file, alike);
      groups.set(description, [...(groups.get(description) ?? []), viewer]);
    }
    for (const [description, viewers] of groups)
      lines.push(`    ${viewers.map((viewer) => VIEWER_NAMES[viewer]).join(', ')}: ${description}`);
  }
  const cut = differences.length - MAX_DIFFERENCES;
  if (cut > 0) lines.push(style.dim(`  … and ${plural(cut, 'more path')}`));
  return lines;
}

/** Lines with the result for each manager. Managers with the same result share a line. */
function outcomeLines(views: readonly View[], verb: Verb): string[] {
  const groups = new Map<string, { lines: string[]; names: string[] }>();
  for (const view of views) {
    const lines = outcomeOf(view, verb);
    const key = lines.join('\n').replace(/^(?:installs|unpacks|does)/, '');
    const group = groups.get(key) ?? { lines, names: [] };
    group.names.push(VIEWER_NAMES[view.viewer]);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ lines: [first = '', ...furtherLines], names }) => {
    const several = names.length > 1 || / and |–/.test(names[0] ?? '');
    const firstLine = several
      ? first.replace(/^does /, 'do ').replace(/^(?:install|unpack)s/, verb)
      : first;
    return [`  ${names.join(', ')}: ${firstLine}`, ...furtherLines];
  });
}

function outcomeOf(view: View, verb: Verb): string[] {
  const { outcome, note, lost } = view;
  if (outcome === 'unknown') return [`not modelled, since ${note}`];
  if (outcome === 'error') return [`does not ${verb} it, since ${note}`];
  const firstLosses = lost.slice(0, MAX_LOST);
  const omittedCount = lost.length - firstLosses.length;
  const outside = outsideOf(view);
  return [
    `${verb}s ${contents(view)}${note === '' ? '' : `: ${note}`}`,
    ...outside
      .slice(0, MAX_LOST)
      .map(({ path }) => `      writes outside its folder: ${quote(path)}`),
    ...(outside.length > MAX_LOST
      ? [`      writes ${outside.length - MAX_LOST} more outside its folder`]
      : []),
    ...firstLosses.map(({ path, why: reason }) => `      leaves out ${quote(path)}: ${reason}`),
    ...(omittedCount > 0 ? [`      leaves out ${omittedCount} more`] : []),
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

/**
 * The explanation for people: lines for a terminal, ending in a line feed, with all text from outside escaped. With `width`, prose is
 * wrapped to that width.
 */
export function explanationText(explanation: Explanation, style: Style, width?: number): string {
  const { verdict, findings } = explanation;
  const lines: Line[] = [...headline(explanation, style), ''];
  const title = verdict.status === 'reject' ? 'What is wrong, and where' : 'What is odd, and where';
  if (findings.length > 0) lines.push(style.bold(title), '');
  for (const finding of findings) lines.push(...explainedLines(finding, verdict.format, style), '');
  const cut = verdict.findings.length - findings.length;
  if (cut > 0) lines.push(style.dim(`  … and ${plural(cut, 'more finding')}, not shown`), '');
  lines.push(...omittedLines(verdict, style));
  if (explanation.comparison !== undefined)
    lines.push(...comparisonLines(explanation.comparison, verdict, style));
  else if (verdict.status === 'reject' && verdict.format === 'yarn-zip')
    lines.push(
      style.bold('Who is affected'),
      '  Yarn 3 and 4, which install from such archives of their cache. No other package manager opens one.',
    );
  const cutTo = lines.flatMap((line) =>
    width === undefined ? lineText(line) : wrapped(line, width),
  );
  return `${cutTo.join('\n')}\n`;
}

function headline({ path, verdict }: Explanation, style: Style): string[] {
  const claimed = claimedPackage(verdict);
  const { archive } = verdict;
  const rejected = verdict.status === 'reject';
  const label = rejected ? style.red('REJECTED') : style.green('ACCEPTED');
  const entries = archive.entries === 1 ? '1 entry' : `${archive.entries} entries`;
  const size = `${plural(archive.compressedBytes, 'byte')}, ${archive.unpackedBytes} unpacked`;
  const plain = plainSentence(verdict.findings.filter(rejects).map(({ rule }) => rule));
  return [
    `${label} ${style.bold(printablePath(path))}${claimed === undefined || claimed === path ? '' : ` (${printable(claimed)})`}`,
    ...(plain === undefined ? [] : [`  ${plain}`]),
    ...identityLines(path, verdict),
    `  a guarded install ${rejected ? 'stops here' : 'goes on'}: ${counted(verdict)}`,
    `  ${entries} read, ${size}`,
    `  sha512 ${archive.sha512}`,
  ];
}

function counted({ findings, omitted }: Verdict): string {
  const warnings = findings.filter(({ level }) => level === 'warning').length;
  const errors = findings.filter(rejects).length;
  const notes = notesOf(findings).length;
  const excepted = findings.length - warnings - notes - errors;
  const counts = [
    errors > 0 && plural(errors, 'error'),
    excepted > 0 && `${plural(excepted, 'error')} that the policy excepts`,
    warnings > 0 && plural(warnings, 'warning'),
    notes > 0 && plural(notes, 'note'),
    omitted > 0 && `${omitted} more`,
  ];
  return counts.filter(Boolean).join(', ') || 'nothing was found';
}

function explainedLines(finding: Finding, format: Format, style: Style): Line[] {
  const { entryIndex, offset, field } = finding;
  const indent = ' '.repeat(11);
  const bytesOf = offsetPlace(finding) === 'file' ? 'the file' : 'the unpacked archive';
  const location = [
    entryIndex !== undefined && `entry number ${entryIndex + 1}`,
    offset !== undefined && `byte ${offset} (0x${offset.toString(16)}) of ${bytesOf}`,
    field !== undefined && `field ${field}`,
  ].filter(Boolean);
  return [
    ...findingLines(finding, style),
    ...(location.length > 0 ? [{ label: `${indent}where:  `, prose: location.join(', ') }] : []),
    { label: `${indent}to do:  `, prose: remedyFor(finding, format) },
    style.dim(`${indent}more:   ${ruleReference(finding.rule)}`),
  ];
}

const KINDS: Partial<Record<Format, string>> = {
  sdist: 'a source archive of Python',
  wheel: 'a wheel of Python',
  gem: 'a gem of Ruby',
  gomod: 'a module of Go',
};

/** Python, ABI and platform at the end of the name of a wheel. */
const WHEEL_TAGS = /-([^-]+-[^-]+-[^-]+)\.whl$/i;

/** The kind of the archive, and the platform in its file name. Empty for packages of npm, which have no platform. */
function identityLines(path: string, { format, manifest }: Verdict): string[] {
  const kind = KINDS[format];
  if (kind === undefined) return [];
  const fileName = posix.basename(path.replaceAll('\\', '/'));
  const gemStart = `${manifest?.name}-${manifest?.version}-`;
  let platform: string | undefined;
  if (format === 'wheel') platform = WHEEL_TAGS.exec(fileName)?.[1];
  else if (format === 'gem' && fileName.startsWith(gemStart) && fileName.endsWith('.gem'))
    platform = fileName.slice(gemStart.length, -'.gem'.length);
  return [`  ${kind}${platform === undefined ? '' : `, for ${printable(platform)}`}`];
}
