export type { Anomaly } from './anomaly.ts';
export { isDeclared } from './declared.ts';
export type { Layer } from './location.ts';
export { ecosystemOf, type Format } from './format.ts';
export type { AppliedException, Approver, Finding, Verdict } from './verdict.ts';
