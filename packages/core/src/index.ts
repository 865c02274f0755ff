export { TarwardenError, type TarwardenErrorCode } from './errors.ts';
export { inspect, type InspectOptions } from './inspect.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { DEFAULT_POLICY, type Exception, type LinksPolicy, type Policy } from './policy/policy.ts';
export { printable, quote, redactUrl } from './printable.ts';
export { formatBlock, type BlockOptions } from './report/block.ts';
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
