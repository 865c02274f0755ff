import type { ScanResult, ScanSummary } from './result.ts';

/** A way to show a scan: each step gives the text to print, with its line feed, or nothing. Pure. */
export interface Reporter {
  start(): string;
  /** Called once a file, in input order. */
  result(result: ScanResult): string;
  end(summary: ScanSummary): string;
}
