/* The text report. Holes that an install reaches come first, each with advice. */
import { plural, printable, type Style } from '@tarwarden/core/text';
import type { Reach } from '../advisories/record.ts';
import type { Component, DoctorProblem } from '../component.ts';
import type { Examination } from '../examine.ts';
import { URGENCIES, type Hole, type Urgency } from '../hole.ts';
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

export function textReport(examination: Examination, style: Style): string {
  const { components, holes, problems, date, updated, probe } = examination;
  const { guards = [], defences = [] } = examination;
  const lines = SECTIONS.flatMap(([reach, title]) => {
    const inside = holes.filter((hole) => hole.state === 'open' && hole.reach === reach);
    return inside.length === 0 ? [] : [style.bold(title), ...sectionLines(inside, style), ''];
  });
  if (probe !== undefined) lines.push(...probeLines(probe, style));
  lines.push(...guardLines(guards, style), ...defenceLines(defences, style));
  const unknown = holes.filter(({ state }) => state === 'unknown');
  if (unknown.length > 0) lines.push(style.bold(UNKNOWN), ...sectionLines(unknown, style), '');
  if (problems.length > 0)
    lines.push(
      style.bold('Not looked at'),
      ...problems.map((problem) => `  ${problemLine(problem)}`),
      '',
    );
  lines.push(summaryOf(holes, problems));
  const others = updated === undefined ? '' : `, and OSV’s of ${updated}`;
  lines.push(style.dim(`${lookedAt(components)}; advisories of ${date}${others}`));
  return `${lines.join('\n')}\n`;
}

function sectionLines(holes: readonly Hole[], style: Style): string[] {
  const groups = new Map<Component, Hole[]>();
  for (const hole of holes)
    groups.set(hole.component, [...(groups.get(hole.component) ?? []), hole]);
  return [...groups].flatMap(([component, inside]) => [
    `  ${style.bold(titleOf(component))}  ${style.dim(locationText(component))}`,
    ...inside.flatMap((hole) => holeLines(hole, style)),
    ...new Set(inside.map((hole) => `    what to do: ${printable(remedyOf(hole), SHOWN_CHARS)}`)),
  ]);
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

function summaryOf(holes: readonly Hole[], problems: readonly DoctorProblem[]): string {
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
