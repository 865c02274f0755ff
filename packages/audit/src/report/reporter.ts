import type { AuditOutcome, AuditResult, AuditSummary } from '../result.ts';

/** A way to show an audit: each step gives the text to print, with its line feed, or nothing. Pure. */
export interface AuditReporter {
  start(): string;
  result(result: AuditResult): string;
  end(summary: AuditSummary, outcome: AuditOutcome): string;
}
