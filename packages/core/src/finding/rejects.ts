import type { Finding } from './verdict.ts';

/** Whether this finding alone would reject the archive. */
export function rejects(finding: Pick<Finding, 'level' | 'excepted'>): boolean {
  return finding.level === 'error' && finding.excepted === undefined;
}
