/* Finds the known holes of a component, with their reach and urgency. */
import type { AdvisoryRecord, HoleKind, Reach } from './advisories/record.ts';
import { fixedVersion, matchesOf, type Match, type RecordIndex } from './advisories/matching.ts';
import type { Component, DoctorProblem } from './component.ts';
import { namesAnyId, type Distribution, type OwningPackage } from './find/distribution.ts';

export const URGENCIES = ['high', 'medium', 'low'] as const;

export type Urgency = (typeof URGENCIES)[number];

export interface Hole {
  readonly record: AdvisoryRecord;
  readonly component: Component;
  /** `unknown` if the version alone does not decide. */
  readonly state: 'open' | 'unknown';
  readonly reach: Reach;
  readonly urgency: Urgency;
  /** The lowest version without a known hole. Undefined if there is none. */
  readonly fixed: string | undefined;
  /** The distribution's package that owns the component. */
  readonly owner?: string;
}

/** Whether nothing here uses the component of a hole, so that the hole does not count. */
export function isIdle({ component: { origin } }: Hole): boolean {
  return origin.kind === 'program' && origin.idle === true;
}

/** Package managers. One that is a dependency of a project may be the one that installs. */
const MANAGERS = new Set([
  'npm/npm',
  'npm/pnpm',
  'npm/@pnpm/exe',
  'npm/yarn',
  'npm/bun',
  'PyPI/pip',
  'PyPI/uv',
  'RubyGems/rubygems-update',
  'RubyGems/bundler',
]);

/** pnpm unpacks packages with its own code. Its bundled libraries belong to node-gyp, which install scripts run. */
const BESIDE_UNPACKING: ReadonlySet<string> = new Set(['pnpm']);

export interface Holes {
  readonly holes: readonly Hole[];
  readonly problems: readonly DoctorProblem[];
}

export interface HoleSearch {
  readonly index: RecordIndex;
  readonly distribution: Distribution;
  readonly platform: NodeJS.Platform;
}

export async function holesOf(component: Component, search: HoleSearch): Promise<Holes> {
  const { matches, problems } = matchesOf(component, search.index);
  const { origin } = component;
  const owner =
    matches.length > 0 && origin.kind === 'program'
      ? await search.distribution.ownerOf(origin.path)
      : undefined;
  const fixed = matches.length > 0 ? fixedVersion(component, search.index) : undefined;
  const holes = matches
    .filter(({ record }) => !isMended(record, owner))
    .map((match) => hole(match, { component, owner, fixed, platform: search.platform }));
  return { holes, problems: problems.map((message) => componentProblem(component, message)) };
}

function isMended({ id, aliases }: AdvisoryRecord, owner: OwningPackage | undefined): boolean {
  return owner?.changelog !== undefined && namesAnyId(owner.changelog, [id, ...aliases]);
}

interface HoleContext {
  readonly component: Component;
  readonly owner: OwningPackage | undefined;
  readonly fixed: string | undefined;
  readonly platform: NodeJS.Platform;
}

function hole({ record, uncertain }: Match, about: HoleContext): Hole {
  const { component, owner, fixed, platform } = about;
  const reach = reachOf(record, component, platform);
  return {
    record,
    component,
    state: uncertain || owner !== undefined ? 'unknown' : 'open',
    reach,
    urgency: reach === 'unclassified' ? worstUrgency(record, about) : urgencyOf(record, reach),
    fixed,
    ...(owner === undefined ? {} : { owner: owner.name }),
  };
}

function reachOf(record: AdvisoryRecord, component: Component, platform: NodeJS.Platform): Reach {
  const { tarwarden: own } = record.database_specific;
  const { ecosystem, name, origin, tarFilter } = component;
  if (own.reach === 'unclassified') return own.reach;
  if (origin.kind === 'program') {
    const isHere = own.platforms?.includes(platform) ?? true;
    const filtered = own.notWithTarFilter === true && tarFilter === true;
    if (!isHere || filtered) return 'none';
    if (origin.itself || !BESIDE_UNPACKING.has(origin.program)) return own.reach;
  }
  if (own.reachInProject !== undefined) return own.reachInProject;
  const manager = MANAGERS.has(`${ecosystem}/${name}`);
  // A manager does not unpack with a library of the project. Scripts and tools of the project do.
  return own.reach === 'manager' && !manager ? 'script' : own.reach;
}

/** Kinds of holes that write nothing outside the folder. */
const MILD: ReadonlySet<HoleKind> = new Set(['dos', 'permissions']);

function urgencyOf({ database_specific: { tarwarden } }: AdvisoryRecord, reach: Reach): Urgency {
  if (reach === 'none') return 'low';
  const mild = MILD.has(tarwarden.kind);
  if (reach === 'manager') return mild ? 'medium' : 'high';
  return mild ? 'low' : 'medium';
}

/** An unclassified record counts as the worst that the component can have. The severity of its source can only lower that. */
function worstUrgency(record: AdvisoryRecord, { component, platform }: HoleContext): Urgency {
  const { tarwarden } = record.database_specific;
  const remarks = { ...tarwarden, reach: 'manager' } as const;
  const worst: AdvisoryRecord = { ...record, database_specific: { tarwarden: remarks } };
  const most = urgencyOf(worst, reachOf(worst, component, platform));
  const { severity = most } = tarwarden;
  return URGENCIES.indexOf(severity) > URGENCIES.indexOf(most) ? severity : most;
}

function componentProblem({ name, version, origin }: Component, message: string): DoctorProblem {
  const place =
    origin.kind === 'lockfile' ? { file: origin.file, line: origin.line } : { file: origin.path };
  return { message: `${name} ${version}: ${message}`, ...place };
}
