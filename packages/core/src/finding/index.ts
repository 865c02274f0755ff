export type { Anomaly } from './anomaly.ts';
export type { Layer } from './location.ts';
