import {
  byWeight,
  findingLines,
  isQuiet,
  omittedLines,
  rejects,
  remedyLines,
} from '@tarwarden/core/report';
import {
  lineText,
  plural,
  printable,
  printablePath,
  redactUrl,
  type Style,
} from '@tarwarden/core/text';
import {
  isRejected,
  type AuditResult,
  type AuditSummary,
  type BytesFrom,
  type Check,
  type PackageLocation,
} from '../result.ts';
import { CHECKS } from './checks.ts';
import type { AuditReporter } from './reporter.ts';

/** Locations of one package that are listed. */
const PLACES_MAX = 3;

/** Packages that are named if many were not inspected for the same reason. */
const NAMED_MAX = 5;

type NotInspectedResult = Extract<AuditResult, { status: 'not-inspected' }>;

/**
 * The report for people. It shows rejected packages and warnings in full, then each reason for "not inspected" once with its packages,
 * and counts all others.
 */
export function auditText(style: Style): AuditReporter {
  const byReason = new Map<string, NotInspectedResult[]>();
  return {
    start: () => '',
    result(result) {
      if (result.status !== 'not-inspected' || result.checks.some(({ level }) => level !== 'note'))
        return formatResult(result, style);
      const { message, remedy } = result.error;
      const reason = JSON.stringify([message, remedy]);
      const known = byReason.get(reason);
      if (known === undefined) byReason.set(reason, [result]);
      else known.push(result);
      return '';
    },
    end: (summary) =>
      [...byReason.values()].map((group) => formatGroup(group, style)).join('') +
      formatSummary(summary, style),
  };
}

function formatGroup(group: readonly NotInspectedResult[], style: Style): string {
  const [first] = group;
  if (first === undefined) return '';
  if (group.length === 1) return formatResult(first, style);
  const named = group.slice(0, NAMED_MAX).map(resultTitle).join(', ');
  const more = group.length > NAMED_MAX ? ` and ${group.length - NAMED_MAX} more` : '';
  const isOfPackages = group.every((result) => result.package !== undefined);
  const lines = [
    `${style.red('NOT INSPECTED')} ${style.bold(plural(group.length, isOfPackages ? 'package' : 'place'))}`,
    lineText({ label: '  ', prose: `${named}${more}` }),
    ...reasonLines(first),
  ];
  return `${lines.join('\n')}\n\n`;
}

function reasonLines({ error: { message, remedy } }: NotInspectedResult): string[] {
  return [
    lineText({ label: '  ', prose: message }),
    ...(remedy === undefined ? [] : [lineText({ label: '  what to do: ', prose: remedy })]),
  ];
}

function formatResult(result: AuditResult, style: Style): string {
  const quiet = result.status === 'inspected' ? isQuiet(result.verdict) : result.status === 'own';
  if (quiet && result.checks.every(({ level }) => level === 'note')) return '';
  const lines = [
    `${label(result, style)} ${style.bold(resultTitle(result))}`,
    ...placeLines(result),
  ];
  for (const check of result.checks) lines.push(...checkLines(check, style));
  if (result.status === 'not-inspected') lines.push(...reasonLines(result));
  if (result.status === 'inspected') {
    const { verdict, from } = result;
    for (const finding of byWeight(verdict.findings))
      lines.push(...findingLines(finding, style).map(lineText));
    lines.push(...omittedLines(verdict, style));
    const file = result.file === undefined ? '' : ` ${printable(result.file)}`;
    lines.push(`  inspected:${file} ${WORDS[from]}, ${verdict.archive.integrity}`);
    const rejecting = verdict.findings.filter(rejects);
    if (rejecting.length > 0)
      lines.push('  what to do:', ...remedyLines(rejecting, verdict.format));
  }
  return `${lines.join('\n')}\n\n`;
}

function label(result: AuditResult, style: Style): string {
  if (isRejected(result)) return style.red('REJECTED');
  return result.status === 'not-inspected' ? style.red('NOT INSPECTED') : style.green('accepted');
}

function resultTitle({ package: about, places }: AuditResult): string {
  if (about === undefined) return places[0] === undefined ? '' : locationText(places[0]);
  const { name, version } = about;
  if (name === '' && version === '') return 'a package without a name';
  return redactUrl(printable(version === '' ? name : `${name}@${version}`));
}

function placeLines({ package: about, places }: AuditResult): string[] {
  if (about === undefined) return [];
  const shown = places.slice(0, PLACES_MAX).map((place) => `  ${locationText(place)}`);
  const more = places.length - shown.length;
  return more > 0 ? [...shown, `  … and ${plural(more, 'more place')}`] : shown;
}

function locationText(place: PackageLocation): string {
  return 'file' in place
    ? printablePath(place.file)
    : `${printablePath(place.lockfile)}:${place.line}`;
}

function checkLines({ id, level, message }: Check, style: Style): string[] {
  const word = level === 'error' ? style.red('error   ') : style.yellow('warning ');
  return [
    `  ${word} ${style.bold(id)}`,
    lineText({ label: '           reason: ', prose: message }),
    lineText({ label: '           to do:  ', prose: CHECKS[id].remedy }),
  ];
}

const WORDS: Readonly<Record<BytesFrom, string>> = {
  remembered: 'remembered from before',
  'npm-cache': "from npm's cache",
  'yarn-classic-cache': "from Yarn 1's cache",
  'yarn-zip': "as a zip of Yarn's cache",
  'gem-cache': 'from a cache of gems',
  'go-cache': "from go's module cache",
  git: 'from their git repositories',
  file: 'from a file',
  registry: 'from the registry',
};

function formatSummary(summary: AuditSummary, style: Style): string {
  const { packages, accepted, rejected, notInspected, own, warnings, from } = summary;
  const parts = [
    style.green(`${accepted} accepted`),
    rejected > 0 ? style.red(`${rejected} rejected`) : '0 rejected',
    ...(notInspected > 0 ? [style.red(`${notInspected} not inspected`)] : []),
    ...(own > 0 ? [`${own} without an archive`] : []),
    ...(warnings > 0 ? [style.yellow(plural(warnings, 'warning'))] : []),
  ];
  const origins = Object.entries(from).map(([key, count]) => `${count} ${WORDS[key as BytesFrom]}`);
  const lines = [`${plural(packages, 'package')}: ${parts.join(', ')}`];
  if (origins.length > 0) lines.push(`inspected: ${origins.join(', ')}`);
  if ((from['yarn-zip'] ?? 0) > 0) lines.push(ZIP_LIMIT);
  return `${lines.join('\n')}\n`;
}

const ZIP_LIMIT =
  'A zip of Yarn shows links and paths. What only the tarball had, and Yarn read in its own way, is not in it: links that it dropped, a file that was there twice, headers.';
