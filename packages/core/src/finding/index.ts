export type { Anomaly } from './anomaly.ts';
export type { Layer } from './location.ts';
export { ecosystemOf, type Format } from './format.ts';
export type { AppliedException, AppliedPreset, Approver, Finding, Verdict } from './verdict.ts';
