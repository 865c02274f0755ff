import {
  byWeight,
  findingLines,
  isQuiet,
  omittedLines,
  rejects,
  remedyLines,
} from '@tarwarden/core/report';
import {
  escapedJson,
  lineText,
  plural,
  printable,
  printablePath,
  redactUrl,
  type Style,
} from '@tarwarden/core/text';
import {
  isAcceptedGit,
  isRejected,
  type AuditReporter,
  type AuditResult,
  type AuditSummary,
  type BytesFrom,
  type Check,
  type GitCommit,
  type LockfileLocation,
} from '../result.ts';
import { CHECKS } from './checks.ts';

/** Locations of one package that are listed. */
const PLACES_MAX = 3;

/** Packages of a group that are named. The names of rejected packages are all shown. */
const NAMED_MAX = 5;

export interface AuditTextOptions {
  readonly style: Style;
  /** Shows each result by itself, and not those with the same reason together. */
  readonly all: boolean;
}

/**
 * The report for people. Rejected packages come first, and each is named. Then come the reasons for which packages were not inspected,
 * and the warnings, each once with its packages. Accepted packages are counted. The cause of the exit code comes last.
 */
export function auditText({ style, all: showsAll }: AuditTextOptions): AuditReporter {
  const rejected = new ResultGroups();
  const unseen = new ResultGroups();
  const warned = new ResultGroups();
  const alone: AuditResult[] = [];
  const commits: GitCommit[] = [];
  return {
    start: () => '',
    result(result) {
      const isBad = isRejected(result);
      if (!isBad && result.status === 'not-inspected' && result.git !== undefined)
        commits.push(result.git);
      if (isBad && (showsAll || standsAlone(result))) return formatResult(result, style);
      if (isBad) rejected.add(result);
      else if (isAcceptedGit(result) && shownChecks(result).length === 0) return '';
      else if (showsAll || standsAlone(result)) alone.push(result);
      else if (result.status === 'not-inspected') unseen.add(result);
      else if (!isSilent(result)) warned.add(result);
      return '';
    },
    end(summary, { code, reason }) {
      const groups = [...rejected.sorted, ...unseen.sorted, ...warned.sorted];
      const open = commits.filter(({ accepted }) => accepted === undefined);
      const advice = acceptanceLines([
        ...new Map(open.map((commit) => [commit.resolved, commit])).values(),
      ]);
      const accepted = commits.filter((commit) => commit.accepted !== undefined).map(acceptedLine);
      return [
        ...groups.map((group) => formatGroup(group, style)),
        ...alone.map((result) => formatResult(result, style)),
        ...(advice.length === 0 ? [] : [`${advice.join('\n')}\n\n`]),
        ...(accepted.length === 0 ? [] : [`${accepted.join('\n')}\n\n`]),
        formatSummary(summary, style),
        `${(code === 0 ? style.green : style.red)(`exit ${code}`)} because ${reason}\n`,
      ].join('');
    },
  };
}

function formatGroup(group: ResultGroup, style: Style): string {
  const [first] = group;
  if (group.length === 1) return formatResult(first, style);
  const isBad = isRejected(first);
  const namedResults = isBad ? group : group.slice(0, NAMED_MAX);
  const omittedCount = group.length - namedResults.length;
  const titles = namedResults.map((result) =>
    isBad ? `${resultTitle(result)} (${locationText(result.places[0]!)})` : resultTitle(result),
  );
  const isOfPackages = group.every((result) => result.package !== undefined);
  const noun = plural(group.length, isOfPackages ? 'package' : 'place');
  const reason = first.status === 'not-inspected' ? `: ${withoutPaths(first.error.message)}` : '';
  const lines = [
    `${label(first, style)} ${style.bold(noun)}${reason}`,
    lineText({
      label: '  ',
      prose: `${titles.join(', ')}${omittedCount > 0 ? ` and ${omittedCount} more (--all lists them)` : ''}`,
    }),
    ...shownChecks(first).flatMap((check) =>
      checkLines({ ...check, message: withoutPaths(check.message) }, style),
    ),
    ...(first.status === 'inspected' ? ruleLines(first, style) : []),
    ...(first.status === 'not-inspected' ? remedyLine(first) : []),
  ];
  return `${lines.join('\n')}\n\n`;
}

/** The findings that all archives of a group have, by rule. */
function ruleLines(
  { verdict }: Extract<AuditResult, { status: 'inspected' }>,
  style: Style,
): string[] {
  const findings = byWeight(verdict.findings);
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  return rules.map((rule) => {
    const message = findings.find((finding) => finding.rule === rule)?.message ?? '';
    return `  ${style.yellow('warning ')} ${style.bold(rule)}: in the first, ${message}`;
  });
}

function remedyLine({ error: { remedy } }: NotInspectedResult): string[] {
  return remedy === undefined ? [] : [lineText({ label: '  what to do: ', prose: remedy })];
}

/** Accepted without a warning, or not an archive. */
function isSilent(result: AuditResult): boolean {
  const quiet = result.status === 'inspected' ? isQuiet(result.verdict) : result.status === 'own';
  return quiet && shownChecks(result).length === 0;
}

function formatResult(result: AuditResult, style: Style): string {
  if (isSilent(result)) return '';
  const lines = [
    `${label(result, style)} ${style.bold(resultTitle(result))}`,
    ...placeLines(result),
  ];
  for (const check of result.checks) lines.push(...checkLines(check, style));
  if (result.status === 'not-inspected')
    lines.push(lineText({ label: '  ', prose: result.error.message }), ...remedyLine(result));
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
  const locationLines = places
    .slice(0, PLACES_MAX)
    .map((location) => `  ${locationText(location)}`);
  const omittedCount = places.length - locationLines.length;
  return omittedCount > 0
    ? [...locationLines, `  … and ${plural(omittedCount, 'more place')}`]
    : locationLines;
}

function locationText({ lockfile, line }: LockfileLocation): string {
  return `${printablePath(lockfile)}:${line}`;
}

function checkLines({ id, level, message }: Check, style: Style): string[] {
  const levelLabel = level === 'error' ? style.red('error   ') : style.yellow('warning ');
  return [
    `  ${levelLabel} ${style.bold(id)}`,
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
  const { packages, accepted, rejected, notInspected, own: ownCount, warnings, from } = summary;
  const counts = [
    style.green(`${accepted} accepted`),
    rejected > 0 ? style.red(`${rejected} rejected`) : '0 rejected',
    ...(notInspected > 0 ? [style.red(`${notInspected} not inspected`)] : []),
    ...(ownCount > 0 ? [`${ownCount} without an archive`] : []),
    ...(warnings > 0 ? [style.yellow(plural(warnings, 'warning'))] : []),
  ];
  const origins = Object.entries(from).map(([key, count]) => `${count} ${WORDS[key as BytesFrom]}`);
  const lines = [`${plural(packages, 'package')}: ${counts.join(', ')}`];
  if (origins.length > 0) lines.push(`inspected: ${origins.join(', ')}`);
  if ((from['yarn-zip'] ?? 0) > 0) lines.push(ZIP_LIMIT);
  return `${lines.join('\n')}\n`;
}

const ZIP_LIMIT =
  'A zip of Yarn shows links and paths. What only the tarball had, and Yarn read in its own way, is not in it: links that it dropped, a file that was there twice, headers.';

type NotInspectedResult = Extract<AuditResult, { status: 'not-inspected' }>;

/** A result of the same kind as the others of its group. Its messages are those of the first result. */
type ResultGroup = readonly [AuditResult, ...AuditResult[]];

/** Collects results by what is wrong with them. */
class ResultGroups {
  readonly #groups = new Map<string, [AuditResult, ...AuditResult[]]>();

  add(result: AuditResult): void {
    const key = groupKey(result);
    const group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, [result]);
    else group.push(result);
  }

  /** The largest groups come first. */
  get sorted(): readonly ResultGroup[] {
    return [...this.#groups.values()].toSorted((group, other) => other.length - group.length);
  }
}

/** A message in which only the hosts of addresses are left, so that it is the same for all packages of a registry. */
function withoutPaths(message: string): string {
  return message.replaceAll(/\bhttps?:\/\/([^\s/]+)\/[^\s]*?(?=[:,;]?(?:\s|$))/g, '$1');
}

function groupKey(result: AuditResult): string {
  const checks = shownChecks(result).map(({ id, level, message }) => [
    id,
    level,
    withoutPaths(message),
  ]);
  const error =
    result.status === 'not-inspected'
      ? [withoutPaths(result.error.message), result.error.remedy]
      : [];
  const findings =
    result.status === 'inspected'
      ? byWeight(result.verdict.findings).map(({ rule, level }) => [rule, level])
      : [];
  return JSON.stringify([isRejected(result), result.status, error, checks, findings]);
}

function shownChecks({ checks }: AuditResult): readonly Check[] {
  return checks.filter(({ level }) => level !== 'note');
}

/**
 * Whether a result is shown by itself. An archive that the verdict rejects has advice of its own, and each exception that is used has to
 * be shown.
 */
function standsAlone(result: AuditResult): boolean {
  if (result.status !== 'inspected') return false;
  const { findings, status, omitted } = result.verdict;
  const isExcepted = findings.some(({ excepted }) => excepted !== undefined);
  return status === 'reject' || isExcepted || omitted > 0;
}

/** Characters of a reason that are shown. */
const REASON_CHARS = 4096;

/** One line for each git dependency that is accepted without an inspection. It is printed in every audit. */
function acceptedLine({ package: name, resolved, accepted }: GitCommit): string {
  if (accepted === undefined) return '';
  const { expires, approvedBy, reason } = accepted;
  const by = {
    machine: 'the policy of this machine',
    user: 'your own policy',
    'repository+user': 'the repository, approved by you',
  }[approvedBy];
  const address = redactUrl(printable(resolved, 2048));
  return `not inspected, and accepted by ${by}, until ${expires}: ${printable(name)} ${address}; reason: ${printable(reason, REASON_CHARS)}`;
}

/** Says how to accept the git dependencies that are not accepted. Empty if there are none. */
function acceptanceLines(commits: readonly GitCommit[]): string[] {
  const proposed = commits.filter((commit) => commit.proposed !== undefined);
  const open = commits.filter((commit) => commit.proposed === undefined);
  const writable = open.filter(({ resolved }) => !hasCredential(resolved));
  const hidden = open.length - writable.length;
  return [
    ...(proposed.length === 0
      ? []
      : [
          `The repository proposes to accept ${counted(proposed.length)} without an inspection: ${proposed.map((commit) => printable(commit.package)).join(', ')}.`,
          'The proposal does not count, because you have not approved it. If you have looked at each commit and agree:',
          `  tarwarden allow --approve ${[...new Set(proposed.map((commit) => commit.proposed))].join(' ')}`,
        ]),
    ...(writable.length === 0
      ? []
      : [
          'To accept a git dependency without an inspection, look at its commit. Then add these lines, with a reason and a last day,',
          'to your own policy file, or to tarwarden.json of the project, where each user has to approve them:',
          '  "gitDependencies": [',
          ...writable.map(
            ({ package: name, resolved }, index) =>
              `    ${escapedJson({ package: name, resolved, reason: '', expires: 'YYYY-MM-DD' })}${index < writable.length - 1 ? ',' : ''}`,
          ),
          '  ]',
        ]),
    ...(hidden === 0
      ? []
      : [
          `${counted(hidden)} cannot be accepted, because the address in the lockfile has a credential or control characters.`,
        ]),
  ];
}

function counted(count: number): string {
  return `${count} git ${count === 1 ? 'dependency' : 'dependencies'}`;
}

/** The user `git` of an ssh address is no credential. */
function hasCredential(resolved: string): boolean {
  const plain = resolved.replace('//git@', '//');
  return redactUrl(plain) !== plain;
}
