/* Finds the known holes of a component, with their reach and urgency, and the advice for each. */
import type { AdvisoryRecord, Reach } from './advisories/record.ts';
import { fixedVersion, matchesOf, type Match, type RecordIndex } from './advisories/matching.ts';
import { VersionError } from './advisories/versions.ts';
import type { Component, DoctorProblem } from './component.ts';

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
  /** The advice for the user, as one phrase. */
  readonly remedy: string;
}

/** Package managers. One that is a dependency of a project may be the one that installs. */
const MANAGERS =
  /^(?:npm\/(?:npm|pnpm|@pnpm\/exe|yarn|bun)|PyPI\/(?:pip|uv)|RubyGems\/(?:rubygems-update|bundler))$/;

export interface HoleSearch {
  readonly index: RecordIndex;
  readonly platform: NodeJS.Platform;
}

/** The holes of a component, or why its version cannot be compared. */
export function holesOf(
  component: Component,
  { index, platform }: HoleSearch,
): readonly Hole[] | DoctorProblem {
  const { name, version, origin } = component;
  let matches: readonly Match[];
  try {
    matches = matchesOf(component, index);
  } catch (error) {
    if (!(error instanceof VersionError)) throw error;
    const message = `${name} ${version}: ${error.message}`;
    return origin.kind === 'lockfile'
      ? { message, file: origin.file, line: origin.line }
      : { message, file: origin.path };
  }
  if (matches.length === 0) return [];
  const fixed = fixedVersion(component, index);
  const isOfDistribution = origin.kind === 'program' && isDistributed(origin.path, platform);
  return matches.map(({ record, uncertain }) => {
    const state = uncertain || isOfDistribution ? 'unknown' : 'open';
    const reach = reachOf(record, component, platform);
    const remedy = isOfDistribution
      ? 'install the updates of your distribution, which fixes holes under the same version'
      : remedyOf(component, state, fixed);
    return { record, component, state, reach, urgency: urgencyOf(record, reach), fixed, remedy };
  });
}

/**
 * A Linux distribution fixes holes in its own files without changing the version. Users put their programs into /usr/local, and npm
 * installs global packages into /usr/lib/node_modules.
 */
function isDistributed(path: string, platform: NodeJS.Platform): boolean {
  return platform === 'linux' && /^\/(?:bin|lib|usr\/(?!local\/|lib\/node_modules\/))/.test(path);
}

function reachOf(record: AdvisoryRecord, component: Component, platform: NodeJS.Platform): Reach {
  const remarks = record.database_specific.tarwarden;
  const { ecosystem, name, origin, tarFilter } = component;
  if (origin.kind === 'program') {
    const isHere = remarks.platforms?.includes(platform) ?? true;
    const filtered = remarks.notWithTarFilter === true && tarFilter === true;
    if (!isHere || filtered) return 'none';
    // pnpm unpacks packages with its own code. Its bundled libraries belong to node-gyp, which install scripts run.
    if (origin.itself || origin.program !== 'pnpm') return remarks.reach;
  }
  if (remarks.reachInProject !== undefined) return remarks.reachInProject;
  // A manager does not unpack with a library of the project. Scripts and tools of the project do.
  return remarks.reach === 'manager' && !MANAGERS.test(`${ecosystem}/${name}`)
    ? 'script'
    : remarks.reach;
}

/** Kinds of holes that write nothing outside the folder. */
const MILD: ReadonlySet<string> = new Set(['dos', 'permissions']);

function urgencyOf({ database_specific: { tarwarden } }: AdvisoryRecord, reach: Reach): Urgency {
  if (reach === 'none') return 'low';
  const mild = MILD.has(tarwarden.kind);
  if (reach === 'manager') return mild ? 'medium' : 'high';
  return mild ? 'low' : 'medium';
}

/** Programs that bundle their libraries. The libraries of others are installed beside them. */
const BUNDLING: ReadonlySet<string> = new Set(['npm', 'pnpm', 'yarn', 'bun']);

function remedyOf(
  { origin, name }: Component,
  state: Hole['state'],
  fixed: string | undefined,
): string {
  const nameText = displayName(name);
  if (state === 'unknown')
    return `install the newest ${nameText}; the first fixed version is not known`;
  if (fixed === undefined) {
    return origin.kind === 'lockfile'
      ? `use another library than ${name}: no version without it is known`
      : `no version of ${name} without it is known`;
  }
  return origin.kind === 'lockfile' || origin.itself || !BUNDLING.has(origin.program)
    ? `upgrade ${nameText} to ${fixed} or newer`
    : `upgrade ${origin.program} to a version that contains ${nameText} ${fixed} or newer`;
}

const DISPLAY: Readonly<Record<string, string>> = {
  cpython: 'Python',
  'rubygems-update': 'RubyGems',
  toolchain: 'go',
  stdlib: 'go',
};

/** The name that people use for a component. */
export function displayName(name: string): string {
  return DISPLAY[name] ?? name;
}
