/* Finds the optional packages that pnpm leaves out because they are for another machine. The guard does not download them. */
import { familySync } from 'detect-libc';
import type { Session } from '../session.ts';

interface Wants {
  readonly os?: readonly string[] | undefined;
  readonly cpu?: readonly string[] | undefined;
  readonly libc?: readonly string[] | undefined;
}

/**
 * Whether an optional package for the platforms `wants` may be installed. False only if pnpm 10, 11 and 12 all leave it out: they
 * disagree about a list with both words and exclusions, and about `supportedArchitectures` in other forms than a list for each of `os`,
 * `cpu` and `libc`. Inspecting one package too many costs a download; leaving one out would let it pass uninspected.
 *
 * @param libc The family of the C library, as pnpm 10 and 11 find it out; null if it is unknown.
 */
export function mayRunHere(
  wants: Wants,
  session: Pick<Session, 'architectures' | 'everyPlatform'>,
  libc: () => string | null = familySync,
): boolean {
  if (session.everyPlatform || !isByAxis(session.architectures)) return true;
  const here: Record<keyof Wants, () => string> = {
    os: () => process.platform,
    cpu: () => process.arch,
    libc: () => libc() ?? '',
  };
  return AXES.every((axis) => {
    const list: unknown = wants[axis];
    if (!isWords(list) || list.includes('any')) return true;
    const current = here[axis]();
    const configured: unknown = session.architectures?.[axis] ?? ['current'];
    if (current === '' || !isWords(configured)) return true;
    return !excludesAll(
      list,
      configured.map((name) => (name === 'current' ? current : name)),
    );
  });
}

const AXES = ['os', 'cpu', 'libc'] as const;

/** Whether the platforms are named in the form that pnpm 10, 11 and 12 share. */
function isByAxis(architectures: unknown): boolean {
  if (architectures === undefined || architectures === null) return true;
  if (typeof architectures !== 'object' || Array.isArray(architectures)) return false;
  return Object.keys(architectures).every((key) => AXES.some((axis) => axis === key));
}

/** Whether `list` excludes the machines with these names for every pnpm. */
function excludesAll(list: readonly string[], names: readonly string[]): boolean {
  const excluded = list.filter((word) => word.startsWith('!')).map((word) => word.slice(1));
  if (excluded.length === 0) return !names.some((name) => list.includes(name));
  // pnpm leaves a package out if the list excludes any of these names.
  return excluded.length === list.length && names.some((name) => excluded.includes(name));
}

function isWords(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string')
  );
}
