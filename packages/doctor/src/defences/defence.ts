/* Settings of package managers that keep hostile packages out. */
import type { SettingOrigin } from '@tarwarden/settings';

export type Tool = 'npm' | 'pnpm' | 'yarn';

/** The purpose of a setting. */
export type Purpose = 'scripts' | 'release-age' | 'exotic-sources' | 'trust' | 'integrity';

/**
 * `covered`: off, but another setting that is on does more. `unavailable`: this version does not have it. `unknown`: the setting could
 * not be read, or the effect of its value is not known.
 */
export type DefenceState = 'on' | 'off' | 'covered' | 'unavailable' | 'unknown';

/** The change that switches a setting on. */
export interface SwitchOn {
  /** The file of the project for the line. */
  readonly file: string;
  readonly line: string;
  /** Another setting that has to be removed first, because it overrides the line or undoes its effect. */
  readonly first?: string;
}

export interface Defence {
  readonly manager: Tool;
  /** Undefined if it is not known which version runs in the folder. */
  readonly version: string | undefined;
  /** The folder of the settings, as the user named it. */
  readonly folder: string;
  readonly setting: string;
  readonly purpose: Purpose;
  readonly state: DefenceState;
  /** The value in force, as text. Undefined if it is not set, or not a plain value. */
  readonly value: string | undefined;
  readonly source: SettingOrigin | undefined;
  /** For `unavailable`, the first version that has it. For `unknown`, why. For `covered`, the setting that does more. */
  readonly reason: string | undefined;
  /** For `off`, and for `unknown` if a line would make the setting certain. */
  readonly switchOn: SwitchOn | undefined;
}
