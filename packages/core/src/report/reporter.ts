import type { ScanResult, ScanSummary } from './result.ts';

/** Shows a scan. Each method is pure, and returns the text to print, with its line feed, or an empty text. */
export interface Reporter {
  start(): string;
  /** Called once a file, in input order. */
  result(result: ScanResult): string;
  end(summary: ScanSummary): string;
}
