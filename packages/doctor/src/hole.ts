/* A known hole in a component that is there: how it is reached, how urgent it is, what to do. */
import type { AdvisoryRecord, HoleKind, Reach } from './advisories/record.ts';
import { fixedVersion, matchesOf, type Match, type RecordIndex } from './advisories/matching.ts';
import type { Component, DoctorProblem } from './component.ts';
import { namesAnyId, type Distribution, type OwningPackage } from './find/distribution.ts';

export const URGENCIES = ['high', 'medium', 'low'] as const;

export type Urgency = (typeof URGENCIES)[number];

export interface Hole {
  readonly record: AdvisoryRecord;
  readonly component: Component;
  /** `unknown` where the number alone does not decide. */
  readonly state: 'open' | 'unknown';
  readonly reach: Reach;
  readonly urgency: Urgency;
  /** Lowest version of the component that no record names; undefined where none is known. */
  readonly fixed: string | undefined;
  /** The package of the distribution that the component belongs to. */
  readonly owner?: string;
}

/** What installs packages itself: as a dependency of a project as well, where that copy is the one that installs. */
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

/** pnpm reads packages with code of its own. The libraries in it are those of node-gyp, which install scripts run. */
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
  // No manager unpacks with a library of the project; its scripts and tools do.
  return own.reach === 'manager' && !manager ? 'script' : own.reach;
}

/** These write nothing to another place. */
const MILD: ReadonlySet<HoleKind> = new Set(['dos', 'permissions']);

function urgencyOf({ database_specific: { tarwarden } }: AdvisoryRecord, reach: Reach): Urgency {
  if (reach === 'none') return 'low';
  const mild = MILD.has(tarwarden.kind);
  if (reach === 'manager') return mild ? 'medium' : 'high';
  return mild ? 'low' : 'medium';
}

/** What nobody has classified may be the worst that the component can have. A severity of its source can only lower that. */
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
