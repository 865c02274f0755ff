/*
 * Writes SARIF 2.1.0, the format of code scanning: results in, one JSON document out. It also follows the stricter demands of GitHub:
 * every result has one location with a line, and the number of results is limited.
 */
import { createHash } from 'node:crypto';
import type { Invocation, Location, Log, Notification, ReportingDescriptor, Result } from 'sarif';
import { escapedJson } from '../../text/escaped-json.ts';
import { plural } from '../../text/plural.ts';
import { printable } from '../../text/printable.ts';
import type { SarifInput, SarifNotice, SarifResult, SarifRule } from './input.ts';
import { MAX_RESULTS, worstFirst } from './severity.ts';
import { isRelativeUri } from './uri.ts';

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
  const named = new Set(results.map(({ result }) => result.ruleId));
  const rules = input.rules.filter(({ id }) => named.has(id));
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
  const seen = new Map<string, number>();
  return results.map((result) => {
    const { ruleId, location, fingerprintParts } = result;
    const parts = JSON.stringify([ruleId, location.uri, ...fingerprintParts]);
    const hash = createHash('sha256').update(parts).digest('hex').slice(0, 32);
    const number = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, number);
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

function locationOf({ uri, line }: { uri: string; line?: number }, name?: string): Location {
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
  const shown = notices.slice(0, MAX_NOTIFICATIONS).map((notice) => notification(level, notice));
  const more = notices.length - shown.length;
  if (more > 0) shown.push(notification(level, { message: `… and ${more} more of these` }));
  return shown;
}

function notification(level: 'error' | 'warning', notice: SarifNotice): Notification {
  const { message, uri, line } = notice;
  return {
    level,
    message: text(message),
    ...(uri !== undefined && {
      locations: [locationOf(line === undefined ? { uri } : { uri, line })],
    }),
  };
}

function text(message: string): { text: string } {
  return { text: plain(message) };
}

/** Viewers turn `[text](address)` in a message into a link. The name of an entry may look like that, so it is escaped. */
function plain(message: string): string {
  return printable(message, MAX_MESSAGE_CHARS).replaceAll('](', '] (');
}
