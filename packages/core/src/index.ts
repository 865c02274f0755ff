export { TarwardenError, type TarwardenErrorCode } from './errors.ts';
export { inspect } from './inspect.ts';
export type { InspectOptions } from './inspect-options.ts';
export { inspectKeeping, promisedSize, type Kept, type KeepingOptions } from './inspect-keeping.ts';
export { yarnZipContent } from './inspect-zip.ts';
export { DEFAULT_LIMITS, MAX_ARCHIVE_FILE_BYTES, tarballBytesMax, type Limits } from './limits.ts';
export { claimedPackage, unmatchedExceptions, type JudgedPackage } from './policy/exceptions.ts';
export { placesOutside } from './package/shrinkwrap.ts';
export { unsafeName } from './package/manifest.ts';
export { didYouMean } from './policy/nearest.ts';
export { DEFAULT_POLICY, type Exception, type LinksPolicy, type Policy } from './policy/policy.ts';
export { printable, quote, redactUrl } from './printable.ts';
export { formatBlock, type BlockOptions } from './report/block.ts';
export {
  ANSI,
  PLAIN,
  escapedJson,
  exitCodeOf,
  explain,
  explanationJson,
  explanationText,
  isQuiet,
  jsonReporter,
  ndjsonReporter,
  NOTHING_SCANNED,
  plural,
  recordOf,
  summarise,
  textReporter,
  type ExplainedFinding,
  type Explanation,
  type Reporter,
  type ScanError,
  type ScanErrorCode,
  type ScanRecord,
  type FindingRecord,
  type ScanResult,
  type ScanSummary,
  type Style,
} from './report/index.ts';
export type { RuleInfo } from './rules/define-rule.ts';
export { rules, type RuleId } from './rules/index.ts';
export { RULESET } from './ruleset.ts';
export type {
  ArchiveFacts,
  Finding,
  Format,
  Level,
  ManifestFacts,
  Verdict,
} from './verdict/verdict.ts';
