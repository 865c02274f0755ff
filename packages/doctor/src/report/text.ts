/* The text report. Holes that an install reaches come first, each with advice. */
import { plural, printable, type Style } from '@tarwarden/core/text';
import type { Reach } from '../advisories/record.ts';
import type { Component, DoctorProblem } from '../component.ts';
import type { Examination } from '../examine.ts';
import { isIdle, URGENCIES, type Hole, type Urgency } from '../hole.ts';
import type { DoctorOutcome } from '../outcome.ts';
import { displayName, remedyOf } from '../remedy.ts';
import { defenceLines, guardLines } from './defences-text.ts';
import type { Hit, ProbeReport, Probed } from '../probe/probe.ts';

const SHOWN_CHARS = 400;

function probeLines({ results, confined }: ProbeReport, style: Style): string[] {
  const tried = results.filter(({ tried }) => tried);
  const [clean, other] = [tried.filter(isClean), tried.filter((result) => !isClean(result))];
  const untried = results.filter(({ tried }) => !tried);
  return [
    style.bold('What each did with archives that try to write outside their folder'),
    ...other.toSorted(worstFirst).flatMap((result) => resultLines(result, style)),
    ...listLine('  kept everything inside: ', clean),
    ...listLine('  could not be tried: ', untried),
    style.dim(
      confined
        ? '  each ran without network and without the sockets of this machine, and with nothing to write to but its folder'
        : '  not confined: it takes bubblewrap, a kernel that lets it work, and a processor of x64 or arm64',
    ),
    '',
  ];
}

function isClean({ escaped, links }: Probed): boolean {
  return escaped.length === 0 && links.length === 0;
}

function worstFirst(result: Probed, other: Probed): number {
  return other.escaped.length - result.escaped.length;
}

function resultLines({ title, path, escaped, links }: Probed, style: Style): string[] {
  return [
    `  ${style.bold(printable(title))}  ${style.dim(printable(path, SHOWN_CHARS))}`,
    ...(escaped.length === 0
      ? []
      : [`    ${style.red('WROTE OUTSIDE')} its folder, by ${sentence(escaped)}`]),
    ...(links.length === 0 ? [] : [`    left a link to the outside, by ${sentence(links)}`]),
  ];
}

function sentence(hits: readonly Hit[]): string {
  return hits.map(({ by }) => by).join('; ');
}

function listLine(start: string, results: readonly Probed[]): string[] {
  const names = new Set(results.map(({ title }) => printable(title)));
  return names.size === 0 ? [] : [`${start}${[...names].join(', ')}`];
}

const SECTIONS: readonly (readonly [Reach, string])[] = [
  ['manager', 'A package reaches it while it is installed'],
  ['unclassified', 'Not classified yet: what reaches it is not known'],
  ['repository', 'A repository reaches it: its lockfile, settings, or git and folder dependencies'],
  ['script', 'Only scripts and tools that unpack archives with it reach it'],
  ['none', 'No install reaches it'],
];

const UNKNOWN = 'Not known to be fixed: the version alone does not say it';

/** The width of the column with the urgency. */
const URGENCY_WIDTH = 9;

/** Advisories of one component that a short line names. */
const NAMED_MAX = 4;

export interface DoctorTextOptions {
  readonly style: Style;
  /** Shows unknown holes and idle components in full, and each copy by its path. */
  readonly all: boolean;
}

/** The report for people: the project, the programs that it uses, advice, then in short what nothing here uses, and the exit code. */
export function textReport(
  examination: Examination,
  { code, reason }: DoctorOutcome,
  { style, all }: DoctorTextOptions,
): string {
  const { components, date, updated, probe } = examination;
  const holes = examination.holes.filter((hole) => !isIdle(hole));
  const problems = examination.problems.filter((problem) => problem.idle !== true);
  const open = holes.filter(({ state }) => state === 'open');
  const unknown = holes.filter(({ state }) => state === 'unknown');
  const isLocked = ({ component }: Hole): boolean => component.origin.kind === 'lockfile';
  const idle = idlePrograms(components);
  const defences = (examination.defences ?? []).filter(({ manager }) => !idle.has(manager));
  // A trial was asked for, so all of its results are shown.
  const guards = (examination.guards ?? []).filter(
    ({ manager, state }) => !idle.has(manager) || (state !== 'found' && state !== 'none'),
  );
  const lines = [
    ...reachLines('In the project', open.filter(isLocked), style),
    ...reachLines(
      'On this machine',
      open.filter((hole) => !isLocked(hole)),
      style,
    ),
    ...(probe === undefined ? [] : probeLines(probe, style)),
    ...guardLines(guards, style),
    ...defenceLines(defences, style),
    ...section(UNKNOWN, all ? sectionLines(unknown, style) : shortLines(unknown), style),
    ...section(
      'Not looked at',
      problems.map((problem) => `  ${problemLine(problem)}`),
      style,
    ),
  ];
  const aside = examination.holes.filter(isIdle);
  const asideProblems = examination.problems.filter((problem) => !problems.includes(problem));
  lines.push(
    ...section(
      'Not used here, so it does not change the exit code (--machine counts it)',
      [
        ...(all ? sectionLines(aside, style) : shortLines(aside, { withRemedies: false })),
        ...asideProblems.map((problem) => `  ${problemLine(problem)}`),
      ],
      style,
    ),
    summaryText(holes, problems),
    style.dim(
      `${lookedAt(components)}; advisories of ${date}${updated === undefined ? '' : `, and OSV’s of ${updated}`}`,
    ),
    `${(code === 0 ? style.green : style.red)(`exit ${code}`)} because ${reason}`,
  );
  return `${lines.join('\n')}\n`;
}

/** The managers that are here, and that nothing here uses. */
function idlePrograms(components: readonly Component[]): ReadonlySet<string> {
  const programs = components.flatMap(({ origin }) =>
    origin.kind === 'program' && origin.itself ? [origin] : [],
  );
  const used = programs.filter(({ idle }) => idle !== true).map(({ program }) => program);
  return new Set(programs.map(({ program }) => program).filter((name) => !used.includes(name)));
}

function section(title: string, lines: readonly string[], style: Style): string[] {
  return lines.length === 0 ? [] : [style.bold(title), ...lines, ''];
}

function reachLines(where: string, holes: readonly Hole[], style: Style): string[] {
  return SECTIONS.flatMap(([reach, title]) => {
    const inside = holes.filter((hole) => hole.reach === reach);
    return section(
      `${where}: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
      sectionLines(inside, style),
      style,
    );
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
    ...new Set(inside.map((hole) => `    what to do: ${printable(remedyOf(hole), SHOWN_CHARS)}`)),
  ]);
}

/** One line for each component: how many holes, and which. */
function shortLines(
  holes: readonly Hole[],
  { withRemedies = true }: { readonly withRemedies?: boolean } = {},
): string[] {
  return byTitle(holes).flatMap(([title, inside]) => {
    const all = distinct(inside);
    const ids = all.map(({ record }) => printable(record.aliases[0] ?? record.id));
    const more = ids.length - NAMED_MAX;
    const named = `${ids.slice(0, NAMED_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    const isUnknown = all.every(({ state }) => state === 'unknown');
    const noun = all.length === 1 ? 'advisory' : 'advisories';
    const count = isUnknown ? `${all.length} ${noun}` : plural(all.length, 'known hole');
    const remedies = new Set(
      withRemedies ? all.map((hole) => printable(remedyOf(hole), SHOWN_CHARS)) : [],
    );
    return [
      `  ${title}: ${count} (${named})`,
      ...[...remedies].map((remedy) => `    what to do: ${remedy}`),
    ];
  });
}

/** Each advisory once, although several copies have it. */
function distinct(holes: readonly Hole[]): readonly Hole[] {
  return [
    ...new Map(holes.toReversed().map((hole) => [hole.record.id, hole])).values(),
  ].toReversed();
}

/** The first copy, and the number of the others. */
function placesText(holes: readonly Hole[]): string {
  const [first = '', ...others] = new Set(holes.map(({ component }) => locationText(component)));
  return others.length === 0
    ? first
    : `${first} and ${others.length} more ${others.length === 1 ? 'copy' : 'copies'}`;
}

function holeLines(hole: Hole, style: Style): string[] {
  const { record, urgency, state } = hole;
  const ids = [record.id, ...record.aliases].map((id) => printable(id)).join(', ');
  const word = (state === 'unknown' ? 'unknown' : urgency).padEnd(URGENCY_WIDTH);
  const line = `    ${paint(hole, style)(word)}${ids}`;
  const pad = ' '.repeat(URGENCY_WIDTH + 4);
  return [line, ...remarksOf(hole).map((text) => `${pad}${printable(text, SHOWN_CHARS)}`)];
}

function paint({ state, urgency }: Hole, style: Style): (text: string) => string {
  if (state === 'unknown') return style.yellow;
  const paints: Readonly<Record<Urgency, (text: string) => string>> = {
    high: style.red,
    medium: style.yellow,
    low: style.dim,
  };
  return paints[urgency];
}

function remarksOf({ record, owner, reach }: Hole): string[] {
  const { when, notReachedBecause, note, verified } = record.database_specific.tarwarden;
  const reason = reach === 'none' ? notReachedBecause : undefined;
  return [
    when === undefined ? record.summary : `${record.summary} (only ${when})`,
    ...(owner === undefined
      ? []
      : [`belongs to the package ${owner}, which may have a fix under the same version`]),
    ...(reason === undefined ? [] : [`not reached: ${reason}`]),
    ...(note === undefined ? [] : [note]),
    ...(verified ? [] : ['the affected versions are not confirmed by the source']),
  ];
}

export function titleOf({ name, version, origin }: Component): string {
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
  const place = [file, line].filter((part) => part !== undefined).join(':');
  const text = printable(message, SHOWN_CHARS);
  return place === '' ? text : `${printable(place, SHOWN_CHARS)}: ${text}`;
}

function summaryText(holes: readonly Hole[], problems: readonly DoctorProblem[]): string {
  const open = holes.filter(({ state }) => state === 'open');
  const unknown = holes.length - open.length;
  const parts = URGENCIES.flatMap((urgency) => {
    const count = open.filter((hole) => hole.urgency === urgency).length;
    return count === 0 ? [] : [`${count} ${urgency}`];
  });
  const sentence =
    open.length === 0
      ? 'no known hole'
      : `${plural(open.length, 'known hole')} (${parts.join(', ')})`;
  return [
    sentence,
    ...(unknown === 0 ? [] : [`${unknown} unknown`]),
    ...(problems.length === 0 ? [] : [`${problems.length} not looked at`]),
  ].join(', ');
}

function lookedAt(components: readonly Component[]): string {
  const programs = components.filter(({ origin }) => origin.kind === 'program' && origin.itself);
  const names = programs.map(({ name, version }) => `${displayName(name)} ${printable(version)}`);
  const libraries = components.length - programs.length;
  const found = names.length === 0 ? 'no package manager' : [...new Set(names)].join(', ');
  return `looked at ${found} and ${libraries} ${libraries === 1 ? 'library' : 'libraries'}`;
}
