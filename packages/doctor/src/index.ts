/** Compares the extraction libraries in reach with advisory records. */
export type { AdvisoryRecord } from './advisories/record.ts';
export { examine } from './examine.ts';
export { URGENCIES } from './hole.ts';
export { thisMachine } from './find/machine.ts';
export { doctorOutcome, jsonReport, textReport } from './report.ts';
