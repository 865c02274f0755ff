/* Which optional packages pnpm leaves out because they are for another machine, so that the guard does not download them. */
import { familySync } from 'detect-libc';
import type { Session } from '../session.ts';

interface Wants {
  readonly os?: readonly string[] | undefined;
  readonly cpu?: readonly string[] | undefined;
  readonly libc?: readonly string[] | undefined;
}

/**
 * Whether an optional package that asks for `wants` may be installed. The answer is "no" only where pnpm 10, 11 and 12 all leave
 * the package out: they read a list that has both words and exclusions, or an empty list in `supportedArchitectures`, in
 * different ways. To inspect one package too many costs a download; to leave one out would let it pass uninspected.
 *
 * @param libc Family of the C library, null where it cannot be told. As pnpm 10 and 11 find it out.
 */
export function mayRunHere(
  wants: Wants,
  session: Pick<Session, 'architectures' | 'everyPlatform'>,
  libc: () => string | null = familySync,
): boolean {
  if (session.everyPlatform) return true;
  const here: Record<keyof Wants, () => string> = {
    os: () => process.platform,
    cpu: () => process.arch,
    libc: () => libc() ?? '',
  };
  return (['os', 'cpu', 'libc'] as const).every((axis) => {
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

/** Whether every pnpm reads `list` as one that excludes the machines with these names. */
function excludesAll(list: readonly string[], names: readonly string[]): boolean {
  const excluded = list.filter((word) => word.startsWith('!')).map((word) => word.slice(1));
  if (excluded.length === 0) return !names.some((name) => list.includes(name));
  // pnpm leaves a package out where any of several names is excluded.
  return excluded.length === list.length && names.some((name) => excluded.includes(name));
}

function isWords(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string')
  );
}
