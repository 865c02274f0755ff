import { join, resolve } from 'node:path';
import {
  sarifLog,
  sarifUri,
  type SarifNotice,
  type SarifResult,
  type SarifRule,
} from '@tarwarden/core/report';
import type { Examination } from '../examine.ts';
import { isIdle, URGENCIES, type Hole, type Urgency } from '../hole.ts';
import type { Probed } from '../probe/probe.ts';
import { remedyOf } from '../remedy.ts';
import { managerOf, switchOnLine } from './defences-text.ts';
import { titleOf } from './text.ts';

export interface SarifOptions {
  /** The version of tarwarden. */
  readonly version: string;
  /** Relative paths start in `cwd`. The log's paths are relative to `root`. Both are absolute. */
  readonly cwd: string;
  readonly root: string;
}

const LEVELS: Readonly<Record<Urgency, SarifResult['level']>> = {
  high: 'error',
  medium: 'warning',
  low: 'note',
};

/** On the scale of CVSS. They follow our urgency, because the severity of a record does not consider what an install reaches. */
const SEVERITIES: Readonly<Record<Urgency, number>> = { high: 8, medium: 5, low: 2 };

/** The rule for escapes in a trial, which need no record. */
const PROBE_RULE: SarifRule = {
  id: 'writes-outside-its-folder',
  name: 'WritesOutsideItsFolder',
  shortDescription: 'A program or library writes outside the folder that it unpacks in.',
  fullDescription:
    'It was seen to do so with a harmless archive, whether or not an advisory says it.',
  help: { text: 'Upgrade it, or use another one.', markdown: 'Upgrade it, or use another one.' },
  level: 'error',
  tags: ['security', 'supply-chain'],
  securitySeverity: SEVERITIES.high,
  precision: 'very-high',
};

/** A log of SARIF 2.1.0 for code scanning. */
export function sarifReport(examination: Examination, options: SarifOptions): string {
  const { holes, problems, probe } = examination;
  const uri = (path: string): string => sarifUri(resolve(options.cwd, path), options.root);
  const probed = probe?.results ?? [];
  const used = problems.filter(({ idle }) => idle !== true);
  const log = sarifLog({
    version: options.version,
    rules: [...rulesFor(holes), PROBE_RULE],
    results: [
      ...probed.filter(({ escaped }) => escaped.length > 0).map((result) => seen(result, uri)),
      ...holes.map((hole) => known(hole, uri)),
    ],
    remarks: remarksOf(examination, uri),
    notInspected: [
      ...used.map(({ message, file, line }) => ({
        message,
        ...(file === undefined ? {} : { uri: uri(file) }),
        ...(line === undefined ? {} : { line }),
      })),
      ...probed
        .filter(({ tried }) => !tried)
        .map(({ title, path }) => ({ message: `${title} could not be tried`, uri: uri(path) })),
    ],
  });
  return `${log}\n`;
}

/** A setting that is off is advice. It is no alert of code scanning, and the run stays successful. */
function remarksOf({ defences = [] }: Examination, uri: (path: string) => string): SarifNotice[] {
  return defences.flatMap((defence) => {
    const { state, folder, setting, switchOn } = defence;
    if (state !== 'off' || switchOn === undefined) return [];
    const message = `${managerOf(defence)} has ${setting} off; ${switchOnLine(switchOn)}`;
    return [{ message, uri: uri(join(folder, switchOn.file)) }];
  });
}

/** A rule for each record, as urgent as the worst of its holes. */
function rulesFor(holes: readonly Hole[]): SarifRule[] {
  const worst = new Map<string, Hole>();
  for (const hole of holes) {
    const known = worst.get(hole.record.id);
    if (known === undefined || rank(hole) < rank(known)) worst.set(hole.record.id, hole);
  }
  return [...worst.values()].map(ruleOf);
}

function rank({ urgency }: Hole): number {
  return URGENCIES.indexOf(urgency);
}

function ruleOf({ record, urgency }: Hole): SarifRule {
  const { when, verified, note, reach } = record.database_specific.tarwarden;
  const ids = [record.id, ...record.aliases].join(', ');
  const parts = [
    `${record.summary}${when === undefined ? '' : `, only ${when}`}.`,
    ...(note === undefined ? [] : [`${note}.`]),
    `Known as ${ids}.`,
  ];
  const links = record.references.map(({ url }) => url);
  return {
    id: record.id,
    shortDescription: `${record.summary}.`,
    fullDescription: parts.join(' '),
    help: {
      text: [...parts, ...links].join('\n\n'),
      markdown: [
        // A text from a server must not be read as Markdown.
        ...(reach === 'unclassified' ? parts.map(withoutMarkdown) : parts),
        ...links.map((url) => `<${url}>`),
      ].join('\n\n'),
    },
    ...(links[0] === undefined ? {} : { helpUri: links[0] }),
    level: LEVELS[urgency],
    tags: ['security', 'supply-chain'],
    securitySeverity: SEVERITIES[urgency],
    precision: verified ? 'high' : 'medium',
  };
}

function withoutMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>!|#&~:]/g, '\\$&');
}

function known(hole: Hole, uri: (path: string) => string): SarifResult {
  const { record, component, state, urgency } = hole;
  const { origin } = component;
  const title = titleOf(component);
  const verb = state === 'open' ? 'has a known hole' : 'may have a known hole';
  return {
    ruleId: record.id,
    level: state === 'open' && !isIdle(hole) ? LEVELS[urgency] : 'note',
    message: `${title} ${verb}: ${record.summary}. What to do: ${remedyOf(hole)}.`,
    location:
      origin.kind === 'lockfile'
        ? { uri: uri(origin.file), line: origin.line }
        : { uri: uri(origin.path) },
    logicalName: `${component.name}@${component.version}`,
    fingerprintParts: [component.name, component.version],
  };
}

function seen({ title, path, escaped }: Probed, uri: (path: string) => string): SarifResult {
  const ways = escaped.map(({ by }) => by).join('; ');
  return {
    ruleId: PROBE_RULE.id,
    level: 'error',
    message: `${title} wrote outside its folder, by ${ways}.`,
    location: { uri: uri(path) },
    logicalName: title,
    fingerprintParts: [title],
  };
}
