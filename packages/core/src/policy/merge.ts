import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { rules, type RuleId } from '../catalogue/index.ts';
import type { Level } from '../finding/verdict.ts';
import { approvedEntries, exceptionHash } from './approval.ts';
import type { JsonPath } from './json-source.ts';
import { DEFAULT_POLICY, type HeldPreset, type Policy } from './policy.ts';
import { heldPreset } from './schema.ts';
import type { LinksPolicy } from '../rules/rule.ts';
import { STRICTNESS, strictestLevel } from '../rules/levels.ts';
import type { PolicyFile } from './schema.ts';

/** A value in a repository's file that is looser than the built-in policy. The message follows the path in a sentence. */
export interface Loosening {
  readonly path: JsonPath;
  readonly message: string;
}

type Levels = Partial<Record<RuleId, Level | 'off'>>;
type ChangedLimits = { -readonly [Name in keyof Limits]?: number };

/** The parts of `file` that only a user's own file may have. A repository's file is valid only without them. */
export function loosenings(file: PolicyFile): Loosening[] {
  const looseValues: Loosening[] = [];
  const onlyOwnFile = 'only your own policy file may do that';
  const forbid = (path: JsonPath, message: string): void =>
    void looseValues.push({ path, message });
  for (const [id, level] of levelsOf(file)) {
    const standard = strictestLevel(rules[id]);
    if (STRICTNESS[level] < STRICTNESS[standard])
      forbid(
        ['levels', id],
        `may not lower "${standard}" to "${level}": ${onlyOwnFile}, or an exception`,
      );
  }
  if (file.mode === 'report') forbid(['mode'], `may not switch refusals off: ${onlyOwnFile}`);
  if (file.links === 'contained') forbid(['links'], `may not allow links: ${onlyOwnFile}`);
  for (const name of ['scriptNetwork', 'contact'] as const)
    if (file[name] !== undefined)
      forbid([name], `may not be in a repository's file: ${onlyOwnFile}`);
  for (const [name, limit] of limitsOf(file))
    if (limit > DEFAULT_LIMITS[name])
      forbid(['limits', name], `may not be above ${DEFAULT_LIMITS[name]}: ${onlyOwnFile}`);
  return looseValues;
}

/** The rules for which the policy of the machine says `error`. No exception of a user or a repository counts for them. */
export function rulesWithoutExceptions(machine: PolicyFile): ReadonlySet<RuleId> {
  const errorLevels = levelsOf(machine).filter(([, level]) => level === 'error');
  return new Set(errorLevels.map(([id]) => id));
}

/** A user's own file without the values that the policy of the machine forbids, and these values. */
export function underMachine(
  file: PolicyFile,
  machine: PolicyFile,
): { readonly file: PolicyFile; readonly forbidden: readonly Loosening[] } {
  const forbidden: Loosening[] = [];
  const forbid = (path: JsonPath, message: string): void => void forbidden.push({ path, message });
  const machineLevels = Object.fromEntries(levelsOf(machine)) as Levels;
  const levels = { ...file.levels };
  for (const [id, level] of levelsOf(file)) {
    if (machine.levels === undefined || !Object.hasOwn(machine.levels, id)) continue;
    const least = machineLevels[id] ?? strictestLevel(rules[id]);
    if (STRICTNESS[level] >= STRICTNESS[least]) continue;
    delete levels[id];
    forbid(['levels', id], `may not lower "${least}" to "${level}"`);
  }
  const limits: ChangedLimits = { ...file.limits };
  for (const [name, limit] of limitsOf(file)) {
    const most = machine.limits?.[name];
    if (most === undefined || limit <= most) continue;
    delete limits[name];
    forbid(['limits', name], `may not be above ${most}`);
  }
  const { mode, links, ...unchanged } = file;
  const isReport = mode === 'report' && machine.mode === 'refuse';
  if (isReport) forbid(['mode'], 'may not switch refusals off');
  const isContained = links === 'contained' && linksOf(machine) === 'reject';
  if (isContained) forbid(['links'], 'may not allow links');
  const strict = rulesWithoutExceptions(machine);
  const exceptions = (file.exceptions ?? []).filter(({ rule }, index) => {
    if (strict.has(rule)) forbid(['exceptions', index], `may not except from ${rule}`);
    return !strict.has(rule);
  });
  const allowedFile = {
    ...unchanged,
    ...(mode !== undefined && !isReport && { mode }),
    ...(links !== undefined && !isContained && { links }),
    levels,
    limits,
    exceptions,
  };
  return { file: allowedFile, forbidden };
}

/**
 * The effective policy. The machine's file changes the built-in policy, and the user's file changes that, without the values that
 * {@link underMachine} leaves out. The repository's file can make each value stricter. Exceptions of the machine and of the user hold;
 * those of the repository hold if the user approved them. `today` is a day, `YYYY-MM-DD`, UTC.
 */
export function mergePolicy(
  files: {
    readonly machine?: PolicyFile | undefined;
    readonly user?: PolicyFile | undefined;
    readonly repository?: PolicyFile | undefined;
    /** Hashes of the exceptions that the user approved, see {@link exceptionHash}. */
    readonly approved?: ReadonlySet<string> | undefined;
    /** The presets of the files that were merged into these. */
    readonly presets?: readonly HeldPreset[];
  },
  today: string,
): Policy {
  const machine = files.machine ?? {};
  const { file: user } = underMachine(files.user ?? {}, machine);
  const repository = files.repository ?? {};
  const levels = Object.fromEntries([...levelsOf(machine), ...levelsOf(user)]) as Levels;
  for (const [id, level] of levelsOf(repository)) {
    // The new level holds for all archives, so it must not be weaker than the strictest level that it replaces.
    const before = levels[id] ?? strictestLevel(rules[id]);
    if (STRICTNESS[level] >= STRICTNESS[before]) levels[id] = level;
  }
  const limits = { ...DEFAULT_LIMITS, ...machine.limits, ...user.limits };
  for (const [name, limit] of limitsOf(repository)) {
    limits[name] = Math.min(limits[name], limit);
  }
  const strict = rulesWithoutExceptions(machine);
  const { held, proposed } = approvedEntries(
    {
      machine: machine.exceptions ?? [],
      user: user.exceptions ?? [],
      repository: (repository.exceptions ?? []).filter(({ rule }) => !strict.has(rule)),
      approved: files.approved,
    },
    exceptionHash,
  );
  const presets = [
    ...(files.presets ?? []),
    heldPreset(machine, { setBy: 'machine', file: 'policy.json' }) ?? [],
    heldPreset(user, { setBy: 'user', file: 'policy.json' }) ?? [],
    heldPreset(repository, { setBy: 'repository', file: 'tarwarden.json' }) ?? [],
  ].flat();
  const isReportOnly = (user.mode ?? machine.mode) === 'report' && repository.mode === undefined;
  const contact = machine.contact ?? user.contact;
  return {
    ...(isReportOnly && { mode: 'report' }),
    levels,
    ...(presets.length > 0 && { presets }),
    links: linksOf(repository) ?? linksOf(user) ?? linksOf(machine) ?? DEFAULT_POLICY.links,
    limits,
    ...(contact !== undefined && { contact }),
    exceptions: held,
    ...(proposed.length > 0 && { proposals: proposed }),
    today,
  };
}

/** Merges files of equal rights. If several files give a value, the strictest counts. Presets stay apart: see {@link heldPreset}. */
export function stricterOf(files: readonly PolicyFile[]): PolicyFile {
  const levels: Levels = {};
  const limits: ChangedLimits = {};
  for (const file of files) {
    for (const [id, level] of levelsOf(file)) {
      const before = levels[id];
      if (before === undefined || STRICTNESS[level] > STRICTNESS[before]) levels[id] = level;
    }
    for (const [name, limit] of limitsOf(file)) {
      limits[name] = Math.min(limits[name] ?? limit, limit);
    }
  }
  const links = files.flatMap((file) => linksOf(file) ?? []);
  const strictest = links.includes('reject') ? 'reject' : links[0];
  const modes = files.flatMap((file) => file.mode ?? []);
  const mode = modes.includes('refuse') ? 'refuse' : modes[0];
  const contact = files.find((file) => file.contact !== undefined)?.contact;
  return {
    ...(mode !== undefined && { mode }),
    ...(contact !== undefined && { contact }),
    levels,
    limits,
    ...(strictest !== undefined && { links: strictest }),
    exceptions: files.flatMap((file) => file.exceptions ?? []),
  };
}

/** The levels that a file gives. `default` gives none. */
function levelsOf(file: PolicyFile): [RuleId, Level | 'off'][] {
  const entries = Object.entries(file.levels ?? {}) as [RuleId, Level | 'off' | 'default'][];
  return entries.filter((pair): pair is [RuleId, Level | 'off'] => pair[1] !== 'default');
}

/** A preset allows no links, unless the same file does. */
function linksOf(file: PolicyFile): LinksPolicy | undefined {
  return file.links ?? (file.preset === undefined ? undefined : 'reject');
}

function limitsOf(file: PolicyFile): [keyof Limits, number][] {
  return Object.entries(file.limits ?? {}) as [keyof Limits, number][];
}
