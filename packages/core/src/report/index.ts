/** Turns a verdict into a text. Nothing in this folder touches disk, clock or terminal. */
export { adviceText, knownAs, remedyFor } from './advice.ts';
export { formatBlock, type BlockOptions } from './block.ts';
export { plainSentence } from '../rules/plain-sentences.ts';
export { nextSteps, stepTexts } from './next-steps.ts';
export {
  byWeight,
  findingLines,
  isQuiet,
  notesOf,
  omittedLines,
  presetText,
  remedyLines,
  rulePage,
  ruleReference,
} from './finding.ts';
export { rejects } from '../finding/rejects.ts';
export { exceptedText, exceptionLines, heldExceptionLine } from './exceptions-used.ts';
export { exceptionsFor, packageToAllow, type Rejected } from './exception.ts';
export { jsonReporter, ndjsonReporter, type Reporter, textReporter } from './reporters.ts';
export { presetLevels, type RaisedLevel } from './preset-levels.ts';
export {
  exitCodeOf,
  NOTHING_SCANNED,
  recordOf,
  summarise,
  type FetchSource,
  type FindingRecord,
  type ScanError,
  type ScanErrorCode,
  type ScanRecord,
  type ScanResult,
  type ScanSummary,
} from './result.ts';
export {
  type SarifInput,
  type SarifLocation,
  type SarifNotice,
  type SarifResult,
  type SarifRule,
  sarifLog,
  archiveRules,
  sarifUri,
} from './sarif/log.ts';
export { sarifReporter } from './sarif/reporter.ts';
