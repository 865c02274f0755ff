export type { Anomaly } from './anomaly.ts';
export { isDeclared, type Declared, type DeclaredValue } from './declared.ts';
export type { Layer } from './location.ts';
export { ecosystemOf, type Format } from './format.ts';
export { rejects } from './rejects.ts';
export type { AppliedException, AppliedPreset, Approver, Finding, Verdict } from './verdict.ts';
