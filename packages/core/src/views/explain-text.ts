import { rejects } from '../finding/rejects.ts';
import { posix } from 'node:path';
import { claimedPackage } from '../policy/index.ts';
import type { RawHeader, RawZipHeader, RawZipHeaders } from './readers/index.ts';
import {
  type Line,
  lineText,
  plural,
  printable,
  printablePath,
  quote,
  type Style,
  wrapped,
} from '../text/index.ts';
import type { Finding, Format, Verdict } from '../index.ts';
import { comparisonLines, onlyYarnLines } from './explain-compare.ts';
import type { ExplainedFinding, Explanation, ShownBytes } from './explain.ts';
import {
  findingLines,
  notesOf,
  omittedLines,
  plainSentence,
  ruleReference,
} from '../report/index.ts';

const MAX_RECORDS = 8;

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
  x: 'a PAX header: it overrides fields of the next entry',
  g: 'a global PAX header, which speaks of all later entries',
  L: 'a GNU long name: it replaces the name of the next entry',
  K: 'a GNU long link: it replaces where the next entry leads',
  S: 'a sparse file',
};

/**
 * The explanation for people: lines for a terminal, ending in a line feed, with all text from outside escaped. With `width`, prose is
 * wrapped to that width.
 */
export function explanationText(explanation: Explanation, style: Style, width?: number): string {
  const { verdict, findings } = explanation;
  const lines: Line[] = [...headline(explanation, style), ''];
  const title = verdict.status === 'reject' ? 'What is wrong, and where' : 'What is odd, and where';
  if (findings.length > 0) lines.push(style.bold(title), '');
  const shown = new Map<string, string>();
  for (const finding of findings) lines.push(...explained(finding, shown, style), '');
  const cut = verdict.findings.length - findings.length;
  if (cut > 0) lines.push(style.dim(`  … and ${plural(cut, 'more finding')}, not shown`), '');
  lines.push(...omittedLines(verdict, style));
  if (explanation.comparison !== undefined)
    lines.push(...comparisonLines(explanation.comparison, verdict, style));
  else if (verdict.status === 'reject' && verdict.format === 'yarn-zip')
    lines.push(...onlyYarnLines(style));
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
  const countOf = (test: (finding: Finding) => boolean): number => findings.filter(test).length;
  const warnings = countOf(({ level }) => level === 'warning');
  const errors = countOf(rejects);
  const notes = notesOf(findings).length;
  const excepted = findings.length - warnings - notes - errors;
  const parts = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(excepted > 0 ? [`${plural(excepted, 'error')} that the policy excepts`] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
    ...(notes > 0 ? [plural(notes, 'note')] : []),
    ...(omitted > 0 ? [`${omitted} more`] : []),
  ];
  return parts.join(', ') || 'nothing was found';
}

/** The lines of one finding. `shown` remembers which bytes were shown before, so that they are not shown again. */
function explained(found: ExplainedFinding, shown: Map<string, string>, style: Style): Line[] {
  const { finding, remedy, header, zipHeaders, bytes, place } = found;
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
  if (where.length > 0) lines.push({ label: `${indent}where:  `, prose: where.join(', ') });
  lines.push(
    { label: `${indent}to do:  `, prose: remedy },
    style.dim(`${indent}more:   ${ruleReference(finding.rule)}`),
  );
  const key = `${place} ${finding.offset} ${bytes?.at}`;
  const before = shown.get(`${place} ${finding.offset}`);
  if (header !== undefined || zipHeaders !== undefined) {
    if (before !== undefined) lines.push(`    the header there is shown above, under ${before}`);
    else if (header !== undefined) lines.push('    the header there:', ...headerLines(header));
    else if (zipHeaders !== undefined) lines.push(...zipHeaderLines(zipHeaders));
    shown.set(`${place} ${finding.offset}`, before ?? finding.rule);
  }
  if (bytes !== undefined && !shown.has(key)) {
    lines.push(...hexLines(bytes, style));
    shown.set(key, finding.rule);
  }
  return lines;
}

function headerLines(header: RawHeader): Line[] {
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
  return fields.map(([key, value]) => ({ label: `      ${key.padEnd(9)} `, prose: value }));
}

function decimal(octal: string): string {
  return /^[0-7]+ *$/.test(octal) ? `, ${plural(Number.parseInt(octal, 8), 'byte')}` : '';
}

const METHODS: Readonly<Record<number, string>> = { 0: 'stored as it is', 8: 'deflated' };

function zipHeaderLines({ directory, local }: RawZipHeaders): Line[] {
  return [
    '    its header in the directory, at the end of the file:',
    ...oneZipHeader(directory),
    '    its header before the data:',
    ...oneZipHeader(local),
  ];
}

function oneZipHeader(header: RawZipHeader | null): Line[] {
  if (header === null) return ['      there is none'];
  const { name, method, flags, size, compressedSize, crc, mode } = header;
  const fields: [string, string][] = [
    ['name', quote(name)],
    ['method', `${method}, ${METHODS[method] ?? 'which is not usual'}`],
    ['flags', `0x${flags.toString(16)}`],
    ['size', `${plural(size, 'byte')}, ${compressedSize} as compressed`],
    ['CRC', `0x${crc.toString(16).padStart(8, '0')}`],
    ...(mode === undefined ? [] : [['mode', `${mode.toString(8)} (octal)`] as [string, string]]),
  ];
  return fields.map(([key, value]) => ({ label: `      ${key.padEnd(9)} `, prose: value }));
}

/** A dump of the bytes, narrow enough for a terminal of 80 columns. */
function hexLines({ offset, at, field, bytes }: ShownBytes, style: Style): string[] {
  const what = field === undefined ? 'the bytes there' : `the bytes of its ${field}`;
  const lines = [`    ${what}, at 0x${at.toString(16)}:`];
  for (let from = 0; from < bytes.length; from += 16) {
    const row = Buffer.from(bytes.subarray(from, from + 16));
    const hex = row.toString('hex').replace(/../g, '$& ').trim().padEnd(47);
    const shown = row.toString('latin1').replace(/[^ -~]/g, '.');
    const place = (offset + from).toString(16).padStart(6, '0');
    lines.push(style.dim(`      ${place}  ${hex}  ${shown}`));
  }
  return lines;
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
  const platform =
    format === 'wheel'
      ? WHEEL_TAGS.exec(fileName)?.[1]
      : format === 'gem'
        ? gemPlatform(fileName, manifest)
        : undefined;
  return [`  ${kind}${platform === undefined ? '' : `, for ${printable(platform)}`}`];
}

function gemPlatform(fileName: string, manifest: Verdict['manifest']): string | undefined {
  const start = `${manifest?.name}-${manifest?.version}-`;
  return fileName.startsWith(start) && fileName.endsWith('.gem')
    ? fileName.slice(start.length, -'.gem'.length)
    : undefined;
}
