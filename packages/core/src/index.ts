export {
  problemOfFinding,
  problems,
  rules,
  stopsReading,
  type CataloguedRule,
  type Code,
  type RuleId,
} from './catalogue/index.ts';
export { TarwardenError, type TarwardenErrorCode } from './errors.ts';
export { ecosystemOf, type Ecosystem, type Format } from './finding/format.ts';
export type { ExpectedPackage } from './finding/expected.ts';
export type { ArchiveFacts, Finding, Level, ManifestFacts, Verdict } from './finding/verdict.ts';
export type { ArchiveFile } from './containers/archive-file.ts';
export { inspect, inspectFile, readsFiles, type FileOptions } from './inspect-any.ts';
export { isFormat, recogniseFormat } from './formats/index.ts';
export type { InspectOptions } from './inspect-options.ts';
export { goModuleHash } from './formats/go-zip/module-hash.ts';
export { yarnZipContent } from './formats/yarn-zip/content.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { DEFAULT_POLICY, type Exception, type Policy } from './policy/policy.ts';
export type { Advice, LinksPolicy, Rule } from './rules/rule.ts';
export { RULESET } from './ruleset.ts';
