import { rejects } from '../../finding/rejects.ts';
import { resolve } from 'node:path';
import { claimedPackage } from '../../policy/exceptions.ts';
import type { Finding, Verdict } from '../../finding/verdict.ts';
import { plural } from '../../text/plural.ts';
import { printablePath } from '../../text/printable.ts';
import { exceptedText } from '../exceptions-used.ts';
import { byWeight } from '../finding.ts';
import type { Reporter } from '../reporters.ts';
import {
  type SarifNotice,
  type SarifResult,
  MAX_NOTIFICATIONS,
  sarifLog,
  archiveRules,
  MAX_RESULTS,
  worstFirst,
  sarifUri,
} from './log.ts';

/**
 * Prints one SARIF log at the end. Results for an archive point to its first line. Notes are left out, as in the text report.
 *
 * @param options `cwd`: the folder to which paths of the scan are relative; `root`: the root of the sources. Absolute paths.
 */
export function sarifReporter(options: { version: string; cwd: string; root: string }): Reporter {
  const { version, cwd, root } = options;
  const rules = archiveRules();
  const severities = new Map(rules.map((rule) => [rule.id, rule.securitySeverity]));
  let results: SarifResult[] = [];
  let omitted = 0;
  const notInspected = new Notices();
  const remarks = new Notices();

  /** Keeps the worst results. A scan may have any number of files, so at most twice the printed number is in memory. */
  function keepWorst(newResults: readonly SarifResult[]): void {
    for (const result of newResults) results.push(result);
    if (results.length <= 2 * MAX_RESULTS) return;
    const sorted = worstFirst(results, ({ level, ruleId }) => ({
      level,
      severity: severities.get(ruleId) ?? 0,
    }));
    omitted += sorted.length - MAX_RESULTS;
    results = sorted.slice(0, MAX_RESULTS);
  }

  return {
    start: () => '',
    result(result) {
      const uri = sarifUri(resolve(cwd, result.path), root);
      const path = printablePath(result.path);
      if ('error' in result) {
        notInspected.add({ message: `${path} was not inspected: ${result.error.message}`, uri });
      } else {
        const { verdict } = result;
        keepWorst(byWeight(verdict.findings).map((finding) => resultOf(finding, verdict, uri)));
        if (verdict.omitted > 0) remarks.add({ message: omittedText(path, verdict), uri });
      }
      return '';
    },
    end() {
      const notices = { notInspected: notInspected.list(), remarks: remarks.list() };
      return `${sarifLog({ version, rules, results, ...notices, omitted })}\n`;
    },
  };
}

/** Keeps the first notices of a kind, and counts the others. */
class Notices {
  readonly #first: SarifNotice[] = [];
  #omitted = 0;

  add(notice: SarifNotice): void {
    if (this.#first.length < MAX_NOTIFICATIONS - 1) this.#first.push(notice);
    else this.#omitted += 1;
  }

  list(): SarifNotice[] {
    return this.#omitted === 0
      ? this.#first
      : [...this.#first, { message: `… and ${this.#omitted} more of these` }];
  }
}

function resultOf(finding: Finding, verdict: Verdict, uri: string): SarifResult {
  const { rule, entry, level, message } = finding;
  const name = claimedPackage(verdict);
  const inside = [name, entry].filter((part) => part !== undefined).join('/');
  return {
    ruleId: rule,
    // An excepted finding is no longer an error, also for a reader that ignores suppressions.
    level: level === 'error' && !rejects(finding) ? 'note' : level,
    message: entry === undefined ? message : `${printablePath(entry)}: ${message}`,
    location: { uri },
    ...(inside !== '' && { logicalName: inside }),
    fingerprintParts: [name ?? '', entry ?? ''],
    ...(finding.excepted !== undefined && { excepted: exceptedText(finding) }),
  };
}

function omittedText(path: string, { omitted }: Verdict): string {
  return `${path}: ${plural(omitted, 'more finding')}, not listed`;
}
