/*
 * Writes SARIF 2.1.0, the format of code scanning: results in, one JSON document out. It also follows the stricter demands of GitHub:
 * every result has one location with a line, and the number of results is limited.
 */
import type { Level } from '../../finding/verdict.ts';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rules, type CataloguedRule } from '../../catalogue/index.ts';
import type { Ecosystem, Format } from '../../finding/format.ts';
import { adviceText, knownAs } from '../advice.ts';
import { ruleReference } from '../finding.ts';
import { createHash } from 'node:crypto';
import type { Invocation, Location, Log, Notification, ReportingDescriptor, Result } from 'sarif';
import { escapedJson } from '../../text/escaped-json.ts';
import { plural } from '../../text/plural.ts';
import { printable } from '../../text/printable.ts';

/** The content of a log. Texts may come from outside: {@link sarifLog} escapes them. */
export interface SarifInput {
  /** Version of tarwarden. */
  readonly version: string;
  /** Rules that results may name. The log leaves out rules without a result. */
  readonly rules: readonly SarifRule[];
  readonly results: readonly SarifResult[];
  /** Files without a verdict. With one of these, the run counts as failed. */
  readonly notInspected: readonly SarifNotice[];
  /** Further notices. They do not make the run fail. */
  readonly remarks?: readonly SarifNotice[];
  /** Results that the caller counted but did not keep. */
  readonly omitted?: number;
}

export interface SarifRule {
  readonly id: string;
  /** The name in words. Left out if it would be the same as the id. */
  readonly name?: string;
  readonly shortDescription: string;
  readonly fullDescription: string;
  readonly help: { readonly text: string; readonly markdown: string };
  readonly helpUri?: string;
  readonly level: Level;
  readonly tags: readonly string[];
  /** 0.1 to 10, as in CVSS: critical from 9, high from 7, medium from 4. */
  readonly securitySeverity: number;
  readonly precision: 'very-high' | 'high' | 'medium' | 'low';
}

export interface SarifResult {
  readonly ruleId: string;
  readonly level: Level;
  /** One line. */
  readonly message: string;
  readonly location: SarifLocation;
  /** The part of the file that the result is about: `name@version/entry`. */
  readonly logicalName?: string;
  /**
   * Texts that identify the result and do not change when lines move: package, entry. The log adds the rule and the file, and numbers
   * equal results.
   */
  readonly fingerprintParts: readonly string[];
  /** The text for the exception that covers the finding. */
  readonly excepted?: string;
}

export interface SarifLocation {
  /** A URI reference as `sarifUri` makes it: relative to the root of the sources, or absolute. */
  readonly uri: string;
  /** Line, from 1. By default the first. */
  readonly line?: number;
}

export interface SarifNotice {
  /** One line. */
  readonly message: string;
  readonly uri?: string;
  readonly line?: number;
}

/** Results of one run that GitHub accepts. It shows 5,000. */
export const MAX_RESULTS = 25_000;

const WEIGHT: Readonly<Record<Level, number>> = { error: 2, warning: 1, note: 0 };

/** The severity of a result: its level first, and then the severity of its rule. */
interface ResultSeverity {
  readonly level: Level;
  readonly severity: number;
}

/** Sorts a list by severity, the worst first, so that the least severe items are cut off. Equal items keep their order. */
export function worstFirst<T>(list: readonly T[], severityOf: (item: T) => ResultSeverity): T[] {
  return list
    .map((item) => ({ item, ...severityOf(item) }))
    .toSorted((a, b) => WEIGHT[b.level] - WEIGHT[a.level] || b.severity - a.severity)
    .map(({ item }) => item);
}

/**
 * The URI reference of a file: relative to the root of the sources if the file is below it, else an absolute `file:` URI.
 *
 * @param path Relative to `root`, or absolute.
 * @param root An absolute path.
 */
export function sarifUri(path: string, root: string): string {
  const whole = resolve(root, path);
  const inside = relative(root, whole);
  const components = inside.split(sep);
  if (isAbsolute(inside) || components[0] === '..') return pathToFileURL(whole).href;
  // Escape the colon too, since the first part would be read as a scheme.
  return components
    .map((component) => encodeURIComponent(component.replace(/\p{Surrogate}/gu, '\uFFFD')))
    .join('/');
}

/** Whether a reference is relative to the root of the sources. */
function isRelativeUri(uri: string): boolean {
  return !/^[a-z][a-z0-9+.-]*:/i.test(uri);
}

/** CVSS values: high for errors, which stop an install, medium and low for the levels that are only reported. */
const SEVERITY: Readonly<Record<Level, number>> = { error: 8, warning: 5, note: 2 };

/** The rules of archives, as code scanning describes them. */
export function archiveRules(): SarifRule[] {
  return Object.values(rules).map(archiveRule);
}

function archiveRule(rule: CataloguedRule): SarifRule {
  const { id, level, summary, advice } = rule;
  const elsewhere = Object.entries(advice.elsewhere ?? {}) as [Ecosystem | Format, typeof advice][];
  const help = (label: (name: string) => string, command: string): string =>
    [
      adviceText(advice),
      ...elsewhere.map(
        ([group, texts]) => `${label(`For ${knownAs(group)}:`)} ${adviceText(texts)}`,
      ),
      `More: ${command}`,
    ].join('\n\n');
  const reference = ruleReference(id);
  return {
    id,
    ...sarifRuleName(id),
    shortDescription: `${summary}.`,
    fullDescription: `${summary}. ${advice.forUsers}`,
    help: {
      text: help((name) => name, reference),
      markdown: help((name) => `*${name}*`, `\`${reference}\``),
    },
    level,
    tags: ['security', 'supply-chain'],
    securitySeverity: SEVERITY[level],
    precision: 'very-high',
  };
}

/** `path-traversal` is PathTraversal. A single word gets no name, since the name must differ from the id. */
function sarifRuleName(id: string): { name?: string } {
  if (!id.includes('-')) return {};
  return { name: id.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase()) };
}

/** Notifications of one kind. GitHub does not limit them, but a person reads no more. */
export const MAX_NOTIFICATIONS = 1000;
/** Characters of a message: enough for the longest path of an entry and a description of the problem. */
const MAX_MESSAGE_CHARS = 8192;
/** Characters of a description or a name that GitHub accepts. */
const MAX_DESCRIPTION_CHARS = 1024;
const MAX_NAME_CHARS = 255;
/** Tags that GitHub shows. */
const MAX_TAGS = 10;
/** The root of the sources, as code scanning names it. */
const ROOT = '%SRCROOT%';

/** One log with one run, without a line feed at its end. */
export function sarifLog(input: SarifInput): string {
  const severities = new Map(input.rules.map((rule) => [rule.id, rule.securitySeverity]));
  const numbered = withFingerprints(input.results);
  const results = worstFirst(numbered, ({ result }) => ({
    level: result.level,
    severity: severities.get(result.ruleId) ?? 0,
  })).slice(0, MAX_RESULTS);
  const usedRuleIds = new Set(results.map(({ result }) => result.ruleId));
  const rules = input.rules.filter(({ id }) => usedRuleIds.has(id));
  const index = new Map(rules.map(({ id }, at) => [id, at]));
  const cut = numbered.length - results.length + (input.omitted ?? 0);
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'tarwarden',
            version: input.version,
            semanticVersion: input.version,
            rules: rules.map(descriptor),
          },
        },
        invocations: [invocation(input, cut)],
        originalUriBaseIds: { [ROOT]: { description: text('The root of the sources.') } },
        columnKind: 'utf16CodeUnits',
        results: results.map(({ result, fingerprint }) =>
          resultOf(result, fingerprint, index.get(result.ruleId)),
        ),
      },
    ],
  };
  return escapedJson(log);
}

interface Numbered {
  readonly result: SarifResult;
  readonly fingerprint: string;
}

/** GitHub recognises an alert by its fingerprint. So equal ones are numbered, as `<hash>:<number>`, the form that GitHub uses. */
function withFingerprints(results: readonly SarifResult[]): Numbered[] {
  const countByHash = new Map<string, number>();
  return results.map((result) => {
    const { ruleId, location, fingerprintParts } = result;
    const identityText = JSON.stringify([ruleId, location.uri, ...fingerprintParts]);
    const hash = createHash('sha256').update(identityText).digest('hex').slice(0, 32);
    const number = (countByHash.get(hash) ?? 0) + 1;
    countByHash.set(hash, number);
    return { result, fingerprint: `${hash}:${number}` };
  });
}

function resultOf(result: SarifResult, fingerprint: string, ruleIndex: number | undefined): Result {
  const { ruleId, level, message, location, logicalName, excepted } = result;
  return {
    ruleId,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level,
    message: text(message),
    locations: [locationOf(location, logicalName)],
    partialFingerprints: { primaryLocationLineHash: fingerprint },
    ...(excepted !== undefined && {
      suppressions: [{ kind: 'external', status: 'accepted', justification: plain(excepted) }],
    }),
  };
}

function locationOf(
  { uri, line }: { uri: string; line?: number | undefined },
  name?: string,
): Location {
  return {
    physicalLocation: {
      artifactLocation: isRelativeUri(uri) ? { uri, uriBaseId: ROOT } : { uri },
      region: { startLine: line ?? 1 },
    },
    ...(name !== undefined && {
      logicalLocations: [{ fullyQualifiedName: printable(name, MAX_MESSAGE_CHARS) }],
    }),
  };
}

function descriptor(rule: SarifRule): ReportingDescriptor {
  const { id, name, shortDescription, fullDescription, help, helpUri } = rule;
  return {
    id,
    ...(name !== undefined && { name: name.slice(0, MAX_NAME_CHARS) }),
    shortDescription: { text: shortDescription.slice(0, MAX_DESCRIPTION_CHARS) },
    fullDescription: { text: fullDescription.slice(0, MAX_DESCRIPTION_CHARS) },
    help,
    ...(helpUri !== undefined && { helpUri }),
    defaultConfiguration: { level: rule.level },
    properties: {
      tags: rule.tags.slice(0, MAX_TAGS),
      precision: rule.precision,
      'security-severity': rule.securitySeverity.toFixed(1),
    },
  };
}

function invocation({ notInspected, remarks = [] }: SarifInput, cut: number): Invocation {
  const toolExecutionNotifications = [
    ...notifications('error', notInspected),
    ...notifications('warning', remarks),
    ...(cut === 0 ? [] : [notification('warning', { message: cutText(cut) })]),
  ];
  return {
    executionSuccessful: notInspected.length === 0,
    ...(toolExecutionNotifications.length > 0 && { toolExecutionNotifications }),
  };
}

function cutText(cut: number): string {
  return `${plural(cut, 'more result')} left out, the least severe: a log holds ${MAX_RESULTS}`;
}

function notifications(
  level: 'error' | 'warning',
  notices: readonly SarifNotice[],
): Notification[] {
  const sarifNotifications = notices
    .slice(0, MAX_NOTIFICATIONS)
    .map((notice) => notification(level, notice));
  const omittedCount = notices.length - sarifNotifications.length;
  if (omittedCount > 0)
    sarifNotifications.push(
      notification(level, { message: `… and ${omittedCount} more of these` }),
    );
  return sarifNotifications;
}

function notification(level: 'error' | 'warning', notice: SarifNotice): Notification {
  const { message, uri, line } = notice;
  return {
    level,
    message: text(message),
    ...(uri !== undefined && { locations: [locationOf({ uri, line })] }),
  };
}

function text(message: string): { text: string } {
  return { text: plain(message) };
}

/** Viewers turn `[text](address)` in a message into a link. The name of an entry may look like that, so it is escaped. */
function plain(message: string): string {
  return printable(message, MAX_MESSAGE_CHARS).replaceAll('](', '] (');
}
