/* Results that have the same problems are shown once, with the names of their packages. */
import { byWeight } from '@tarwarden/core/report';
import { isRejected, type AuditResult, type Check } from '../result.ts';

export type NotInspectedResult = Extract<AuditResult, { status: 'not-inspected' }>;

/** A result of the same kind as the others of its group. Its messages are those of the first result. */
export type ResultGroup = readonly [AuditResult, ...AuditResult[]];

/** Collects results by what is wrong with them. */
export class ResultGroups {
  readonly #groups = new Map<string, [AuditResult, ...AuditResult[]]>();

  add(result: AuditResult): void {
    const key = groupKey(result);
    const known = this.#groups.get(key);
    if (known === undefined) this.#groups.set(key, [result]);
    else known.push(result);
  }

  /** The largest groups come first. */
  get sorted(): readonly ResultGroup[] {
    return [...this.#groups.values()].toSorted((group, other) => other.length - group.length);
  }
}

/** A message in which only the hosts of addresses are left, so that it is the same for all packages of a registry. */
export function withoutPaths(message: string): string {
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

export function shownChecks({ checks }: AuditResult): readonly Check[] {
  return checks.filter(({ level }) => level !== 'note');
}

/**
 * Whether a result is shown by itself. An archive that the verdict rejects has advice of its own, and each exception that is used has to
 * be shown.
 */
export function standsAlone(result: AuditResult): boolean {
  if (result.status !== 'inspected') return false;
  const { findings, status, omitted } = result.verdict;
  const isExcepted = findings.some(({ excepted }) => excepted !== undefined);
  return status === 'reject' || isExcepted || omitted > 0;
}
