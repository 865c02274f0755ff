/** The slice of the differential tests that real package managers take part in. */
import { sha256 } from '../../differential/oracles/file-map.ts';
import { observe, type Observation, type Seen } from '../../e2e/views/observe.ts';
import type { SetUp } from '../../e2e/views/guard-set-up.ts';
import type { ManagerName } from '../../support/managers.ts';
import type { Accepted } from './archives.ts';
import { contestedOf, expectedOf, ownPathsOf, refusalOf, type Expected } from './manners.ts';

/** What came of installing accepted archives by one manager. */
export interface Installed {
  readonly manager: ManagerName;
  /** Packages whose folders were compared, each file of them. */
  readonly compared: number;
  readonly files: number;
  /** Archives that the manager is known to refuse; of these so many as {@link SINGLY} were tried, and refused. */
  readonly refusals: number;
  readonly disagreements: readonly Disagreement[];
  readonly observed: ReadonlyMap<string, Observation>;
}

export interface Disagreement {
  readonly archive: Accepted;
  readonly manager: ManagerName;
  readonly lines: readonly string[];
}

/** A refusal costs an install of its own, so only so many of those foreseen are tried. */
const SINGLY = 2;

/** Installs archives into one project by one manager, under a guard if one is set up, and holds what lies there against what was promised. */
export async function installed(
  manager: ManagerName,
  archives: readonly Accepted[],
  setUp: SetUp = {},
): Promise<Installed> {
  const refused = archives.filter((one) => refusalOf(manager, one) !== undefined);
  const together = archives.filter((one) => !refused.includes(one));
  const singly = refused.slice(0, SINGLY);
  const observed = await observe(manager, [...singly.map((one) => [one]), together], setUp);
  const tried = [...singly, ...together];
  const contested = contestedOf(manager, together);
  const disagreements = tried.flatMap((archive) => {
    const lines = disagreementsOf(manager, archive, { seen: observed.get(archive.id), contested });
    return lines.length > 0 ? [{ archive, manager, lines }] : [];
  });
  const files = together.flatMap((one) => [...one.promised.values()]);
  return {
    manager,
    compared: together.length,
    files: files.filter(({ kind }) => kind === 'file').length,
    refusals: refused.length,
    disagreements,
    observed,
  };
}

/** How an installed package differs from what was promised, one line a path; empty where it does not. */
export function disagreementsOf(
  manager: ManagerName,
  archive: Accepted,
  found: { seen: Observation | undefined; contested?: ReadonlySet<string> },
): string[] {
  const { seen, contested } = found;
  const refusal = refusalOf(manager, archive);
  if (seen?.outcome !== 'installs') return refusal === undefined ? ['refused'] : [];
  if (refusal !== undefined) return [`not refused, although ${refusal}`];
  const expected = expectedOf(manager, archive, contested);
  const own = ownPathsOf(manager, archive);
  const paths = [...new Set([...expected.keys(), ...seen.files.keys()])]
    .filter((path) => expected.has(path) || !own.has(path))
    .toSorted();
  return paths.flatMap((path) => {
    const promised = expected.get(path);
    const found = seen.files.get(path);
    // Folders are made where files need them: most managers leave out the empty ones.
    if (found === undefined && promised?.kind === 'directory') return [];
    const wanted = promised === undefined ? 'nothing' : shownPromise(promised, found);
    const there = found === undefined ? 'nothing' : shownSeen(found);
    return wanted === there
      ? []
      : [`${JSON.stringify(path)}: promised ${wanted}, ${manager} has ${there}`];
  });
}

function shownPromise(one: Expected, found: Seen | undefined): string {
  if (one.kind === 'directory') return 'a folder';
  const executable = 'either' in one && found ? isExecutable(found) : one.executable;
  return shownFile(sha256(one.content), executable);
}

function isExecutable(one: Seen): boolean {
  return one.kind === 'file' && (one.mode & 0o100) !== 0;
}

function shownSeen(one: Seen): string {
  if (one.kind === 'file') return shownFile(one.sha256, isExecutable(one));
  return one.kind === 'directory' ? 'a folder' : `a thing of the kind ${one.kind}`;
}

const shownFile = (digest: string, executable: boolean): string =>
  `a file ${digest.slice(0, 16)}${executable ? ' that can be run' : ''}`;
