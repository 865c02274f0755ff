/* Settings of pnpm with which a package would come into the project without an inspection. */
import { notInspectedError } from '../messages.ts';
import type { PnpmConfig } from '../pnpm-shapes.ts';
import { fieldsIn } from './own-specifiers.ts';
import type { Mirrors } from './runtimes.ts';

/** Settings that make pnpm 12 also install packages that are not from npm. The guard cannot inspect these. */
const OTHER_ECOSYSTEMS = ['cargo', 'python'];

/** Sets the settings with which pnpm compares the files of its store with their hashes, which pnpm noted when it unpacked them. */
export function enforce(config: PnpmConfig): void {
  config['verifyStoreIntegrity'] = true;
  config['strictStorePkgContentCheck'] = true;
  // No archive has the files that build scripts made, so they are not linked from the store. pnpm runs the scripts again.
  config['sideEffectsCache'] = false;
  config['sideEffectsCacheReadonly'] = false;
  config['sideEffectsCacheRead'] = false;
  config['sideEffectsCacheWrite'] = false;
}

/**
 * The mirrors of Node that pnpm's settings name, by channel. pnpm 10 has them in `rawConfig`.
 * @throws HookError for a setting with which pnpm would install what the guard cannot inspect.
 */
export function inspectedMirrors(config: PnpmConfig): Mirrors {
  for (const key of OTHER_ECOSYSTEMS) {
    const { enabled } = fieldsIn(config[key]);
    if (enabled !== undefined && enabled !== false)
      throw notInspectedError(
        `${key}.enabled: pnpm would install packages that are not from npm, which this release cannot inspect`,
      );
  }
  const older = Object.entries(fieldsIn(config['rawConfig'])).flatMap(([key, value]) => {
    const channel = /^node-mirror:(.+)/.exec(key)?.[1];
    return channel === undefined ? [] : [[channel, value] as const];
  });
  const channels = [...older, ...Object.entries(fieldsIn(config['nodeDownloadMirrors']))];
  return Object.fromEntries(channels.map(([channel, value]) => [channel, String(value)]));
}
