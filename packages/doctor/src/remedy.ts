/* Gives the advice for a hole: the component to upgrade, and the version. */
import type { Hole } from './hole.ts';

export function remedyOf({ component, fixed, owner, state }: Hole): string {
  const { origin, name } = component;
  if (owner !== undefined) {
    return `install the updates of your distribution; the package ${owner} does not say whether this is fixed in it`;
  }
  if (state === 'unknown') {
    return `install the newest ${displayName(name)}; the first fixed version is not known`;
  }
  if (origin.kind === 'lockfile') {
    return fixed === undefined
      ? `use another library than ${name}: no version without it is known`
      : `upgrade ${name} to ${fixed} or newer`;
  }
  if (fixed === undefined) return `no version of ${name} without it is known`;
  return origin.itself || !BUNDLING.has(origin.program)
    ? `upgrade ${displayName(name)} to ${fixed} or newer`
    : `upgrade ${origin.program} to a version that brings ${displayName(name)} ${fixed} or newer`;
}

/** Programs that bundle their libraries. The libraries of others are installed beside them. */
const BUNDLING: ReadonlySet<string> = new Set(['npm', 'pnpm', 'yarn', 'bun']);

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
