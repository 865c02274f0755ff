/* Reads a project's changes to the dependencies of other packages. Loaded at every start, so it imports nothing at run time. */
import type { PnpmConfig } from '../pnpm-shapes.ts';

/** The project's settings for dependencies of packages that are not its own. */
export interface OwnSpecifiers {
  /** Specifiers in overrides and package extensions. */
  readonly specifiers: readonly string[];
  /** Names of the dependencies that overrides replace. */
  readonly overridden: readonly string[];
}

/** Reads the settings of all versions of pnpm. pnpm 10 also has settings in package.json. */
export function ownSpecifiers(config: PnpmConfig): OwnSpecifiers {
  const { pnpm, resolutions } = fieldsIn(config['rootProjectManifest']);
  const fromManifest = fieldsIn(pnpm);
  const overrides = [config['overrides'], fromManifest['overrides'], resolutions];
  const extensions = [config['packageExtensions'], fromManifest['packageExtensions']];
  return {
    specifiers: [...overrides, ...extensions].flatMap(textsIn),
    overridden: overrides.flatMap((override) =>
      Object.keys(fieldsIn(override)).map(overriddenName),
    ),
  };
}

/** `parent@1>@scope/name@2` replaces `@scope/name`. */
function overriddenName(selector: string): string {
  const target = selector.split(/(?<=[^ |@])>|\/(?=@)/).at(-1) ?? '';
  return /^(@?[^@]+)/.exec(target)?.[1] ?? target;
}

export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

export function fieldsIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
