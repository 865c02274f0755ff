import { claimedPackage } from '../policy/exceptions.ts';
import {
  VIEWER_NAMES,
  type Comparison,
  type RawHeader,
  type Unpacked,
  type View,
  type Viewer,
} from '../package/views/index.ts';
import { printable, quote } from '../printable.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { ExplainedFinding, Explanation } from './explain.ts';
import { findingLines, omittedLines, plural, printablePath, rulePage } from './finding.ts';
import type { Style } from './style.ts';

/** Paths on which managers differ that are shown; the others are counted. */
const MAX_DIFFERENCES = 30;
const MAX_RECORDS = 8;
const MAX_LOST = 5;

const TYPES: Readonly<Record<string, string>> = {
  '\0': 'a file, in an old spelling',
  '0': 'a file',
  '1': 'a hard link: a second name for a file that is already there',
  '2': 'a symbolic link: a name that leads to another place',
  '3': 'a character device',
  '4': 'a block device',
  '5': 'a folder',
  '6': 'a named pipe',
  '7': 'a contiguous file, which some write and others leave out',
  x: 'an extended (PAX) header: it says more of the next entry, and overrides it',
  g: 'a global (PAX) header: it says something of every later entry',
  L: 'a GNU long name: it replaces the name of the next entry',
  K: 'a GNU long link: it replaces the link target of the next entry',
  S: 'a sparse file',
};

/** The explanation for people: lines for a terminal, all from outside escaped, ending in a line feed. */
export function explanationText(explanation: Explanation, style: Style): string {
  const { verdict, findings } = explanation;
  const lines = [...headline(explanation, style), ''];
  if (findings.length > 0) lines.push(style.bold('What is wrong, and where'), '');
  for (const one of findings) lines.push(...explained(one, style), '');
  const cut = verdict.findings.length - findings.length;
  if (cut > 0) lines.push(style.dim(`  … and ${plural(cut, 'more finding')}, not shown`), '');
  lines.push(...omittedLines(verdict, style));
  if (explanation.comparison !== undefined)
    lines.push(...comparison(explanation.comparison, verdict, style));
  else if (verdict.status === 'reject') lines.push(...onlyYarn(style));
  return `${lines.join('\n')}\n`;
}

function headline({ path, verdict }: Explanation, style: Style): string[] {
  const claimed = claimedPackage(verdict);
  const { archive } = verdict;
  const label = verdict.status === 'reject' ? style.red('REJECTED') : style.green('ACCEPTED');
  const size = `${plural(archive.compressedBytes, 'byte')}, ${archive.unpackedBytes} unpacked`;
  return [
    `${label} ${style.bold(printablePath(path))}${claimed === undefined ? '' : ` (${printable(claimed)})`}`,
    `  ${plural(archive.entries, 'entry').replace('entrys', 'entries')} read, ${size}`,
    `  sha512 ${archive.sha512}`,
  ];
}

function explained(one: ExplainedFinding, style: Style): string[] {
  const { finding, remedy, header, bytes, place } = one;
  const indent = ' '.repeat(11);
  const lines = findingLines(finding, style);
  const where = [
    ...(finding.entryIndex === undefined ? [] : [`entry number ${finding.entryIndex + 1}`]),
    ...(finding.offset === undefined
      ? []
      : [
          `byte ${finding.offset} (0x${finding.offset.toString(16)}) of ${place === 'file' ? 'the file' : 'the unpacked archive'}`,
        ]),
  ];
  if (where.length > 0) lines.push(`${indent}where:  ${where.join(', ')}`);
  if (header !== undefined)
    lines.push(`${indent}what the archive says there:`, ...headerLines(header));
  if (bytes !== undefined) lines.push(...hexLines(bytes.offset, bytes.bytes, style));
  lines.push(`${indent}to do:  ${remedy}`, style.dim(`${indent}more:   ${rulePage(finding.rule)}`));
  return lines;
}

function headerLines(header: RawHeader): string[] {
  const type = TYPES[header.typeflag] ?? 'no type that is known';
  const { stored, computed } = header.checksum;
  const checksum = Number.parseInt(stored, 8) === Number.parseInt(computed, 8);
  const fields: [string, string][] = [
    ['name', quote(header.name)],
    ...(header.prefix === '' ? [] : [['prefix', quote(header.prefix)] as [string, string]]),
    ['typeflag', `${quote(header.typeflag)}, ${type}`],
    ['size', `${quote(header.size)} (octal)${decimal(header.size)}`],
    ['mode', `${quote(header.mode)} (octal)`],
    ...(header.linkname === '' ? [] : [['linkname', quote(header.linkname)] as [string, string]]),
    [
      'checksum',
      checksum ? `${quote(stored)}, which fits` : `${quote(stored)}, which should be ${computed}`,
    ],
    ['magic', quote(header.magic)],
    ...header.extended
      .slice(0, MAX_RECORDS)
      .map(({ key, value }): [string, string] => [
        'extended',
        value === '' ? printable(key) : `${printable(key)} = ${quote(value)}`,
      ]),
  ];
  if (header.extended.length > MAX_RECORDS)
    fields.push(['extended', `… ${header.extended.length - MAX_RECORDS} more`]);
  return fields.map(([key, value]) => `${' '.repeat(13)}${key.padEnd(9)} ${value}`);
}

function decimal(octal: string): string {
  return /^[0-7]+ *$/.test(octal) ? `, ${plural(Number.parseInt(octal, 8), 'byte')}` : '';
}

function hexLines(offset: number, bytes: Uint8Array, style: Style): string[] {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = Buffer.from(bytes.subarray(at, at + 16));
    const hex = row.toString('hex').replace(/../g, '$& ').trim().padEnd(47);
    const shown = row.toString('latin1').replace(/[^ -~]/g, '.');
    rows.push(
      style.dim(
        `${' '.repeat(13)}${(offset + at).toString(16).padStart(8, '0')}  ${hex}  ${shown}`,
      ),
    );
  }
  return rows;
}

function comparison(compared: Comparison, verdict: Verdict, style: Style): string[] {
  const { views, differences, agree } = compared;
  const title = style.bold(
    'What each package manager would install on Linux, if nothing stopped it',
  );
  const installing = views.filter((view) => view.outcome === 'installs');
  const first = installing[0];
  if (agree && first !== undefined) {
    const all = views.map(({ viewer }) => VIEWER_NAMES[viewer]).join(', ');
    const same = `  ${all}: all unpack the same, ${plural(first.files.length, 'file')}.`;
    const still = '  That they agree does not make it safe: what is wrong is told above.';
    return [title, same, ...(verdict.status === 'reject' ? [still] : [])];
  }
  const lines = [title, ...outcomeLines(views)];
  if (differences.length > 0) lines.push('', style.bold('Where those that install it differ'));
  for (const { path, seen } of differences.slice(0, MAX_DIFFERENCES)) {
    lines.push(`  ${style.bold(quote(path))}`);
    const sizes = seen.flatMap(({ file }) => (file?.kind === 'file' ? [file.size] : []));
    const contents = seen.flatMap(({ file }) => (file === null ? [] : [keyOf(file)]));
    const alike = new Set(sizes).size < new Set(contents).size;
    const groups = new Map<string, Viewer[]>();
    for (const { viewer, file } of seen) {
      const words = describe(file, alike);
      groups.set(words, [...(groups.get(words) ?? []), viewer]);
    }
    for (const [words, viewers] of groups)
      lines.push(`    ${viewers.map((one) => VIEWER_NAMES[one]).join(', ')}: ${words}`);
  }
  const cut = differences.length - MAX_DIFFERENCES;
  if (cut > 0) lines.push(style.dim(`  … and ${plural(cut, 'more path')}`));
  return lines;
}

function onlyYarn(style: Style): string[] {
  return [
    style.bold('Who is concerned'),
    '  Yarn 3 and 4, which install from such archives of their cache; npm, pnpm, Yarn classic and bun open none.',
  ];
}

/** What each manager does, those that do the same together. */
function outcomeLines(views: readonly View[]): string[] {
  const groups = new Map<string, string[]>();
  for (const view of views) {
    const words = outcomeOf(view).join('\n');
    groups.set(words, [...(groups.get(words) ?? []), VIEWER_NAMES[view.viewer]]);
  }
  return [...groups].map(([words, names]) => {
    const verb = names.length > 1 ? words.replace(/^(install|refuse)s/, '$1') : words;
    return `  ${names.join(', ')}: ${verb}`;
  });
}

function outcomeOf({ outcome, note, files, lost }: View): string[] {
  if (outcome === 'unknown') return [`not modelled, since ${note}`];
  if (outcome === 'error') return [`refuses the whole package, since ${note}`];
  const links = files.filter(({ kind }) => kind === 'link').length;
  const among = links === 0 ? '' : `, ${plural(links, 'link')} among them`;
  const told = lost.slice(0, MAX_LOST);
  const more = lost.length - told.length;
  return [
    `installs ${plural(files.length, 'file')}${among}`,
    ...told.map(({ path, why }) => `      without ${quote(path)}: ${why}`),
    ...(more > 0 ? [`      and without ${more} more`] : []),
  ];
}

function keyOf(file: Unpacked): string {
  return file.kind === 'file' ? file.sha256 : file.target;
}

function describe(file: Unpacked | null, withContent: boolean): string {
  if (file === null) return 'nothing';
  if (file.kind === 'link') return `a link to ${quote(file.target)}`;
  const mode = file.mode.toString(8);
  const special =
    (file.mode & 0o7000) === 0 ? '' : ', which runs with the rights of its owner or group';
  const content = withContent ? `, content ${file.sha256.slice(0, 8)}…` : '';
  return `a file of ${plural(file.size, 'byte')}, mode ${mode}${special}${content}`;
}
