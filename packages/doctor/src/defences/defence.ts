import type { SettingOrigin } from '@tarwarden/settings';

/** Settings of package managers that keep hostile packages out. */

export type Tool = 'npm' | 'pnpm' | 'yarn';

/** What a setting keeps from happening. */
export type Purpose = 'scripts' | 'release-age' | 'exotic-sources' | 'trust' | 'integrity';

/**
 * `covered`: off, and another setting that is on does more. `unavailable`: this version does not have it. `unknown`: it could
 * not be read, or it is not known what this version makes of it.
 */
export type DefenceState = 'on' | 'off' | 'covered' | 'unavailable' | 'unknown';

/** What switches a setting on. */
export interface SwitchOn {
  /** The file of the project that the line belongs in. */
  readonly file: string;
  readonly line: string;
  /** What has to go first, since it overrides the line, or takes its effect away. */
  readonly first?: string;
}

export interface Defence {
  readonly manager: Tool;
  /** Undefined where it is not known which one runs in the folder. */
  readonly version: string | undefined;
  /** The folder that the settings are of, as it was named. */
  readonly folder: string;
  readonly setting: string;
  readonly purpose: Purpose;
  readonly state: DefenceState;
  /** In force, as text; undefined where it is not set, or not a plain value. */
  readonly value: string | undefined;
  readonly source: SettingOrigin | undefined;
  /** Of `unavailable` the first version that has it; of `unknown` why; of `covered` the setting that does more. */
  readonly reason: string | undefined;
  /** Of `off` and, where a line would make it certain, of `unknown`. */
  readonly switchOn: SwitchOn | undefined;
}
