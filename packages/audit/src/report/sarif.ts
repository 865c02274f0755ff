import { resolve } from 'node:path';
import {
  archiveRules,
  byWeight,
  exceptedText,
  rejects,
  sarifLog,
  sarifUri,
  type SarifNotice,
  type SarifResult,
  type SarifRule,
} from '@tarwarden/core/report';
import type { AuditReporter, AuditResult, Check, LockfileLocation } from '../result.ts';
import { CHECKS } from './checks.ts';
import { printable, printablePath } from '@tarwarden/core/text';

export interface AuditSarifOptions {
  /** The version of tarwarden. */
  readonly version: string;
  /** Relative paths start in `cwd`. The log's paths are relative to `root`. Both are absolute. */
  readonly cwd: string;
  readonly root: string;
}

/** On the scale of CVSS. A package from a wrong source is as bad as a hostile archive. */
const SEVERITY = 8;

/**
 * One SARIF log, printed at the end. A result is at the line of the lockfile that names the package. Its fingerprint has the package,
 * the rule and the entry, so an alert stays the same if lines move. Notes are left out, as in the text report.
 */
export function auditSarif({ version, cwd, root }: AuditSarifOptions): AuditReporter {
  const results: SarifResult[] = [];
  const notInspected: SarifNotice[] = [];
  const remarks: SarifNotice[] = [];
  const at = ({ lockfile, line }: LockfileLocation): { uri: string; line: number } => ({
    uri: sarifUri(resolve(cwd, lockfile), root),
    line,
  });
  return {
    start: () => '',
    result(result) {
      for (const location of result.places) results.push(...resultsOf(result, at(location)));
      if (result.status !== 'not-inspected') return '';
      const name = packageLabel(result);
      const message = name === '' ? result.error.message : `${name}: ${result.error.message}`;
      const [first] = result.places;
      const notice = { ...(first !== undefined && at(first)) };
      const accepted = result.git?.accepted;
      if (accepted === undefined) notInspected.push({ message, ...notice });
      else
        remarks.push({
          message: `${message}; the policy accepts it until ${accepted.expires}: ${printable(accepted.reason)}`,
          ...notice,
        });
      return '';
    },
    end: () =>
      `${sarifLog({ version, rules: [...archiveRules(), ...checkRules()], results, remarks, notInspected })}\n`,
  };
}

function resultsOf(result: AuditResult, location: SarifResult['location']): SarifResult[] {
  const name = packageLabel(result);
  const about = { location, ...(name !== '' && { logicalName: name }) };
  const checks = result.checks
    .filter(({ level }) => level !== 'note')
    .map(({ id, level, message }: Check) => ({
      ...about,
      ruleId: id,
      level,
      message: `${name}: ${message}`,
      fingerprintParts: [name],
    }));
  if (result.status !== 'inspected') return checks;
  const findings = byWeight(result.verdict.findings).map((finding): SarifResult => {
    const { rule, entry, level, message } = finding;
    const inside = [name, entry].filter((part) => part !== undefined && part !== '').join('/');
    const inEntry = entry === undefined ? '' : ` ${printablePath(entry)}:`;
    return {
      location,
      ruleId: rule,
      // Some readers know no suppressions. For them, a finding under an exception must not be an error either.
      level: level === 'error' && !rejects(finding) ? 'note' : level,
      message: `${name}:${inEntry} ${message}`,
      ...(inside !== '' && { logicalName: inside }),
      fingerprintParts: [name, entry ?? ''],
      ...(finding.excepted !== undefined && { excepted: exceptedText(finding) }),
    };
  });
  return [...checks, ...findings];
}

function packageLabel({ package: about }: AuditResult): string {
  if (about === undefined) return '';
  return about.version === '' ? about.name : `${about.name}@${about.version}`;
}

function checkRules(): SarifRule[] {
  return Object.entries(CHECKS).map(([id, { summary, remedy }]) => ({
    id,
    ...(id.includes('-') && {
      name: id.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase()),
    }),
    shortDescription: `${summary}.`,
    fullDescription: `${summary}.`,
    help: { text: `What to do: ${remedy}.`, markdown: `What to do: ${remedy}.` },
    level: 'error',
    tags: ['security', 'supply-chain'],
    securitySeverity: SEVERITY,
    precision: 'high',
  }));
}
