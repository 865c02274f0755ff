/* The exit code and its reason, and the report as JSON and as text. In the text, holes that an install reaches come first. */
import { escapedJson, plural, printable, type Style } from '@tarwarden/core/text';
import type { PolicyFileInForce } from '@tarwarden/guard';
import type { Reach } from './advisories/record.ts';
import type { Component, DoctorProblem } from './component.ts';
import type { Examination } from './examine.ts';
import { displayName, URGENCIES, type Hole, type Urgency } from './hole.ts';

/** `none`: no hole changes the exit code. */
export type FailOn = Urgency | 'none';

export interface DoctorOutcome {
  readonly code: 0 | 1 | 2;
  /** The cause, after "exit 1 because". */
  readonly reason: string;
}

/**
 * 1 for an open hole that is urgent enough, else 2 if something could not be examined. Holes that the version does not decide do not
 * count: distributions fix programs under the same version, and their users can only update.
 */
export function doctorOutcome(
  { holes, problems }: Examination,
  { failOn }: { readonly failOn: FailOn },
): DoctorOutcome {
  const open = holes.filter(({ state }) => state === 'open');
  const urgent = open.filter(
    ({ urgency }) => failOn !== 'none' && URGENCIES.indexOf(urgency) <= URGENCIES.indexOf(failOn),
  );
  if (urgent.length > 0)
    return {
      code: 1,
      reason: `${plural(urgent.length, 'known hole')} ${urgent.length === 1 ? 'is' : 'are'} open`,
    };
  if (problems.length > 0)
    return { code: 2, reason: `${plural(problems.length, 'thing')} could not be examined` };
  const unknown = holes.length - open.length;
  if (open.length > 0) return { code: 0, reason: `--fail-on ${failOn} counts no hole` };
  const reason = unknown > 0 ? `${plural(unknown, 'hole')} may be fixed` : 'no hole is known';
  return { code: 0, reason };
}

/** Version of the document's shape. Raised when a key changes its meaning or goes away. */
const SCHEMA = 1;

export function jsonReport(
  { holes, ...examination }: Examination,
  exit: DoctorOutcome,
  policyFiles: readonly PolicyFileInForce[],
): string {
  const head = { schema: SCHEMA, ok: exit.code === 0, ...examination, holes: holes.map(holeJson) };
  return `${escapedJson({ ...head, policyFiles, exit })}\n`;
}

function holeJson(hole: Hole): Readonly<Record<string, unknown>> {
  const { record, component, state, reach, urgency, fixed, remedy } = hole;
  const {
    kind,
    when: condition,
    notReachedBecause,
    verified,
    note,
  } = record.database_specific.tarwarden;
  return {
    id: record.id,
    aliases: record.aliases ?? [],
    summary: record.summary,
    state,
    urgency,
    reach,
    kind,
    when: condition ?? null,
    notReachedBecause: notReachedBecause ?? null,
    verified,
    note: note ?? null,
    component,
    fixed: fixed ?? null,
    remedy,
    references: record.references.map(({ url }) => url),
  };
}

const SHOWN_CHARS = 400;

const SECTIONS: readonly (readonly [Reach, string])[] = [
  ['manager', 'a package reaches it while it is installed'],
  ['repository', 'a repository reaches it: its lockfile, settings, or git and folder dependencies'],
  ['script', 'only scripts and tools that unpack archives with it reach it'],
  ['none', 'no install reaches it'],
];

const UNKNOWN = 'Not known to be fixed: the version alone does not say it';

const URGENCY_WIDTH = 9;

/** Advisories of one component that a short line names. */
const NAMED_MAX = 4;

/** The report for people: the project, the programs, holes that may be fixed, and the exit code. */
export function textReport(
  { components, date, holes, problems }: Examination,
  { code, reason }: DoctorOutcome,
  style: Style,
): string {
  const open = holes.filter(({ state }) => state === 'open');
  const unknown = holes.filter(({ state }) => state === 'unknown');
  const openIn = (kind: string): Hole[] =>
    open.filter((hole) => hole.component.origin.kind === kind);
  const lines = [
    ...reachLines('In the project', openIn('lockfile'), style),
    ...reachLines('On this machine', openIn('program'), style),
    ...section(UNKNOWN, shortLines(unknown), style),
    ...section('Not examined', problems.map(problemLine), style),
    summaryText(open, unknown.length, problems.length),
    style.dim(`${examinedText(components)}; advisories of ${date}`),
    `${(code === 0 ? style.green : style.red)(`exit ${code}`)} because ${reason}`,
  ];
  return `${lines.join('\n')}\n`;
}

function section(title: string, lines: readonly string[], style: Style): string[] {
  return lines.length === 0 ? [] : [style.bold(title), ...lines, ''];
}

function reachLines(scope: string, holes: readonly Hole[], style: Style): string[] {
  return SECTIONS.flatMap(([reach, title]) => {
    const inside = holes.filter((hole) => hole.reach === reach);
    return section(`${scope}: ${title}`, sectionLines(inside, style), style);
  });
}

/** The holes of components with the same title, which are copies of one program or library. */
function byTitle(holes: readonly Hole[]): readonly (readonly [string, readonly Hole[]])[] {
  const groups = new Map<string, Hole[]>();
  for (const hole of holes) {
    const title = titleOf(hole.component);
    groups.set(title, [...(groups.get(title) ?? []), hole]);
  }
  return [...groups];
}

function sectionLines(holes: readonly Hole[], style: Style): string[] {
  return byTitle(holes).flatMap(([title, inside]) => [
    `  ${style.bold(title)}  ${style.dim(placesText(inside))}`,
    ...distinct(inside).flatMap((hole) => holeLines(hole, style)),
    ...remedyLines(inside),
  ]);
}

/** One line for each component: how many advisories, and which. */
function shortLines(holes: readonly Hole[]): string[] {
  return byTitle(holes).flatMap(([title, inside]) => {
    const ids = distinct(inside).map(({ record }) => printable(record.aliases?.[0] ?? record.id));
    const omittedCount = ids.length - NAMED_MAX;
    const idList = `${ids.slice(0, NAMED_MAX).join(', ')}${omittedCount > 0 ? ` and ${omittedCount} more` : ''}`;
    return [
      `  ${title}: ${ids.length} ${ids.length === 1 ? 'advisory' : 'advisories'} (${idList})`,
      ...remedyLines(inside),
    ];
  });
}

function remedyLines(holes: readonly Hole[]): string[] {
  return [
    ...new Set(holes.map((hole) => `    what to do: ${printable(hole.remedy, SHOWN_CHARS)}`)),
  ];
}

/** Each advisory once, although several copies have it. */
function distinct(holes: readonly Hole[]): readonly Hole[] {
  return [
    ...new Map(holes.toReversed().map((hole) => [hole.record.id, hole])).values(),
  ].toReversed();
}

/** The first copy, and the number of the others. */
function placesText(holes: readonly Hole[]): string {
  const [first = '', ...otherLocations] = new Set(
    holes.map(({ component }) => locationText(component)),
  );
  return otherLocations.length === 0
    ? first
    : `${first} and ${otherLocations.length} more ${otherLocations.length === 1 ? 'copy' : 'copies'}`;
}

function holeLines({ record, urgency, reach }: Hole, style: Style): string[] {
  const { when: condition, notReachedBecause, note, verified } = record.database_specific.tarwarden;
  const ids = [record.id, ...(record.aliases ?? [])].map((id) => printable(id)).join(', ');
  const remarks = [
    condition === undefined ? record.summary : `${record.summary} (only ${condition})`,
    ...(reach === 'none' && notReachedBecause !== undefined
      ? [`not reached: ${notReachedBecause}`]
      : []),
    ...(note === undefined ? [] : [note]),
    ...(verified ? [] : ['the affected versions are not confirmed by the source']),
  ];
  const paints: Readonly<Record<Urgency, (text: string) => string>> = {
    high: style.red,
    medium: style.yellow,
    low: style.dim,
  };
  const pad = ' '.repeat(URGENCY_WIDTH + 4);
  return [
    `    ${paints[urgency](urgency.padEnd(URGENCY_WIDTH))}${ids}`,
    ...remarks.map((text) => `${pad}${printable(text, SHOWN_CHARS)}`),
  ];
}

function titleOf({ name, version, origin }: Component): string {
  const title = `${displayName(printable(name))} ${printable(version)}`;
  if (origin.kind === 'program' && name === 'stdlib')
    return `standard library of ${origin.program} ${printable(version)}`;
  return origin.kind === 'program' && !origin.itself
    ? `${title} of ${origin.program} ${printable(origin.programVersion)}`
    : title;
}

function locationText({ origin }: Component): string {
  return origin.kind === 'program'
    ? printable(origin.path, SHOWN_CHARS)
    : `${printable(origin.file, SHOWN_CHARS)}:${origin.line}`;
}

function problemLine({ message, file, line }: DoctorProblem): string {
  const location = line === undefined ? file : `${file}:${line}`;
  return `  ${printable(location, SHOWN_CHARS)}: ${printable(message, SHOWN_CHARS)}`;
}

function summaryText(open: readonly Hole[], unknown: number, problems: number): string {
  const counts = URGENCIES.flatMap((urgency) => {
    const count = open.filter((hole) => hole.urgency === urgency).length;
    return count === 0 ? [] : [`${count} ${urgency}`];
  });
  return [
    open.length === 0
      ? 'no hole is known to be open'
      : `${plural(open.length, 'known hole')} (${counts.join(', ')})`,
    ...(unknown === 0 ? [] : [`${unknown} unknown`]),
    ...(problems === 0 ? [] : [`${problems} not examined`]),
  ].join(', ');
}

function examinedText(components: readonly Component[]): string {
  const programs = components.filter(({ origin }) => origin.kind === 'program' && origin.itself);
  const names = programs.map(({ name, version }) => `${displayName(name)} ${printable(version)}`);
  const libraries = components.length - programs.length;
  const programList = names.length === 0 ? 'no package manager' : names.join(', ');
  return `examined ${programList} and ${libraries} ${libraries === 1 ? 'library' : 'libraries'}`;
}
