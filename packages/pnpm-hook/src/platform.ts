/* Which optional packages pnpm leaves out because they are for another machine, so that nobody downloads them. */
import { familySync } from 'detect-libc';
import type { Session } from './session.ts';

interface Wants {
  readonly os?: readonly string[] | undefined;
  readonly cpu?: readonly string[] | undefined;
  readonly libc?: readonly string[] | undefined;
}

/**
 * Whether an optional package that asks for `wants` may be installed. Errs towards yes: what pnpm then fetches all
 * the same is inspected by the fetcher.
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
    const asked = wants[axis];
    if (!Array.isArray(asked) || asked.length === 0 || asked.includes('any')) return true;
    const current = here[axis]();
    const configured = session.architectures?.[axis];
    const ours = Array.isArray(configured)
      ? configured.map((one) => (one === 'current' ? current : String(one)))
      : [current];
    return ours.some((one) => one === '' || accepts(asked, one));
  });
}

/** As npm reads such lists: `!x` excludes, any plain word makes the list exhaustive. */
function accepts(asked: readonly string[], one: string): boolean {
  if (asked.includes(`!${one}`)) return false;
  const plain = asked.filter((word) => !word.startsWith('!'));
  return plain.length === 0 || plain.includes(one);
}
