/** Compares the extraction libraries in reach with advisory records. */
export type { AdvisoryRecord } from './advisories/record.ts';
export { examine } from './examine.ts';
export { URGENCIES } from './hole.ts';
export { thisMachine } from './find/machine.ts';
export { doctorOutcome } from './outcome.ts';
export { jsonReport } from './report/json.ts';
export { textReport } from './report/text.ts';
