/** A verdict in, a string out. Nothing here touches disk, clock or terminal. */
export { escapedJson } from './escaped-json.ts';
export { explain, type ExplainedFinding, type Explanation } from './explain.ts';
export { explanationJson } from './explain-json.ts';
export { explanationText } from './explain-text.ts';
export { isQuiet, plural } from './finding.ts';
export { jsonReporter } from './json.ts';
export { ndjsonReporter } from './ndjson.ts';
export type { Reporter } from './reporter.ts';
export {
  exitCodeOf,
  NOTHING_SCANNED,
  recordOf,
  summarise,
  type FindingRecord,
  type ScanError,
  type ScanErrorCode,
  type ScanRecord,
  type ScanResult,
  type ScanSummary,
} from './result.ts';
export { ANSI, PLAIN, type Style } from './style.ts';
export { textReporter } from './text.ts';
