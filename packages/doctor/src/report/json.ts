import { escapedJson } from '@tarwarden/core/text';
import type { Defence } from '../defences/defence.ts';
import type { GuardSetup } from '../defences/guard.ts';
import type { Examination } from '../examine.ts';
import { isIdle, type Hole } from '../hole.ts';
import type { DoctorOutcome } from '../outcome.ts';
import { remedyOf } from '../remedy.ts';

/** Version of the document's shape. Raised when a key changes its meaning or goes away. */
const SCHEMA = 1;

/** One JSON document. */
export function jsonReport(examination: Examination, outcome: DoctorOutcome): string {
  const ok = outcome.code === 0;
  const { date, updated = null, components, problems, holes, probe = null } = examination;
  const { guards = [], defences = [] } = examination;
  const listed = {
    holes: holes.map(holeJson),
    guards: guards.map(guardJson),
    defences: defences.map(defenceJson),
  };
  return `${escapedJson({ schema: SCHEMA, ok, date, updated, ...listed, problems, probe, components, exit: outcome })}\n`;
}

/** One object a line: holes, trials, guards, defences, problems, and a summary. */
export function ndjsonReport(examination: Examination, outcome: DoctorOutcome): string {
  const ok = outcome.code === 0;
  const { date, updated = null, components, problems, holes, probe } = examination;
  const { guards = [], defences = [] } = examination;
  const lines = [
    ...holes.map((hole) => ({ type: 'hole', ...holeJson(hole) })),
    ...(probe?.results ?? []).map((result) => ({ type: 'probe', ...result })),
    ...guards.map((guard) => ({ type: 'guard', ...guardJson(guard) })),
    ...defences.map((defence) => ({ type: 'defence', ...defenceJson(defence) })),
    ...problems.map((problem) => ({ type: 'problem', ...problem })),
    {
      type: 'summary',
      ok,
      date,
      updated,
      holes: holes.length,
      problems: problems.length,
      components: components.length,
      exit: outcome,
    },
  ];
  return lines.map((line) => `${escapedJson(line)}\n`).join('');
}

function guardJson(guard: GuardSetup): Readonly<Record<string, unknown>> {
  return { ...guard, remedy: guard.remedy ?? null };
}

function defenceJson(defence: Defence): Readonly<Record<string, unknown>> {
  const { version, value, source, reason, switchOn } = defence;
  return {
    ...defence,
    version: version ?? null,
    value: value ?? null,
    source: source ?? null,
    reason: reason ?? null,
    switchOn: switchOn === undefined ? null : { ...switchOn, first: switchOn.first ?? null },
  };
}

function holeJson(hole: Hole): Readonly<Record<string, unknown>> {
  const { record, component, state, reach, urgency, fixed, owner } = hole;
  const { kind, when, notReachedBecause, verified, note } = record.database_specific.tarwarden;
  return {
    id: record.id,
    aliases: record.aliases,
    summary: record.summary,
    state,
    urgency,
    reach,
    used: !isIdle(hole),
    kind,
    when: when ?? null,
    notReachedBecause: notReachedBecause ?? null,
    verified,
    note: note ?? null,
    component,
    fixed: fixed ?? null,
    distributionPackage: owner ?? null,
    remedy: remedyOf(hole),
    references: record.references.map(({ url }) => url),
  };
}
