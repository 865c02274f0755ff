import { escapedJson } from '@tarwarden/core/text';
import type { Examination } from '../examine.ts';
import type { Hole } from '../hole.ts';
import type { DoctorOutcome } from '../outcome.ts';

/** Version of the document's shape. Raised when a key changes its meaning or goes away. */
const SCHEMA = 1;

/** One JSON document. */
export function jsonReport(examination: Examination, exit: DoctorOutcome): string {
  const { date, components, problems, holes } = examination;
  const ok = exit.code === 0;
  const listed = holes.map(holeJson);
  return `${escapedJson({ schema: SCHEMA, ok, date, holes: listed, problems, components, exit })}\n`;
}

function holeJson(hole: Hole): Readonly<Record<string, unknown>> {
  const { record, component, state, reach, urgency, fixed, remedy } = hole;
  const { kind, when, notReachedBecause, verified, note } = record.database_specific.tarwarden;
  return {
    id: record.id,
    aliases: record.aliases ?? [],
    summary: record.summary,
    state,
    urgency,
    reach,
    kind,
    when: when ?? null,
    notReachedBecause: notReachedBecause ?? null,
    verified,
    note: note ?? null,
    component,
    fixed: fixed ?? null,
    remedy,
    references: record.references.map(({ url }) => url),
  };
}
