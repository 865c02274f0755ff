/** Compares the extraction libraries in reach with advisory records. */
export type { Component, Ecosystem, Origin, Problem } from './component.ts';
export type { Defence } from './defences/defence.ts';
export { findDefences } from './defences/find.ts';
export { findGuards, type Guard } from './defences/guard.ts';
export { examine, type Examination, type ExamineOptions } from './examine.ts';
export { URGENCIES, type Hole, type Urgency } from './hole.ts';
export { thisMachine, type Machine, type MachineOptions } from './find/machine.ts';
export { loadRecords, RecordSetError, type RecordSet } from './advisories/load.ts';
export type { AdvisoryRecord, Reach } from './advisories/record.ts';
export { exitCodeOf, type FailOn } from './outcome.ts';
export { jsonReport, ndjsonReport } from './report/json.ts';
export { textReport } from './report/text.ts';
export { probe, type Probe, type Probed } from './probe/probe.ts';
export { subjectsFor } from './probe/subjects.ts';
export { openVexReport } from './report/openvex.ts';
export { sarifReport } from './report/sarif.ts';
export { newSince, ReportFileError } from './since.ts';
