import { createRequire } from 'node:module';
import { intercept } from './intercept.ts';
import { withPreload } from './node-options.ts';

type Spawn = (command: string, ...args: unknown[]) => unknown;

interface SpawnOptions {
  readonly env?: NodeJS.ProcessEnv;
}

const isOptions = (value: unknown): value is SpawnOptions =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Guards the programs that a client starts: lifecycle scripts, and the npm that prepares a git dependency. A client itself may replace
 * NODE_OPTIONS there, because of `node-options=` in a project's .npmrc, `--node-options` on npm's command line or `env` in a .yarnrc.
 * Their value is kept, after the guards.
 */
export function guardChildren(...preloads: readonly string[]): void {
  // Not imported, so that programs that only inherit the guard do not load it.
  const module = createRequire(process.execPath)('node:child_process') as { spawn: Spawn };
  const guardSpawn = (spawn: Spawn): Spawn =>
    function (this: unknown, command, ...spawnArgs) {
      const optionsIndex = spawnArgs.findIndex(isOptions);
      const options = optionsIndex < 0 ? {} : (spawnArgs[optionsIndex] as SpawnOptions);
      const env = { ...(options.env ?? process.env) };
      const name = Object.keys(env).find(isNodeOptions) ?? 'NODE_OPTIONS';
      env[name] = withPreload(env[name], ...preloads);
      const changed = { ...options, env };
      const args =
        optionsIndex < 0 ? [...spawnArgs, changed] : spawnArgs.with(optionsIndex, changed);
      return Reflect.apply(spawn, this, [command, ...args]);
    };
  intercept(module, 'spawn', guardSpawn);
}

/** Names of environment variables ignore case on Windows. */
function isNodeOptions(name: string): boolean {
  return process.platform === 'win32'
    ? name.toUpperCase() === 'NODE_OPTIONS'
    : name === 'NODE_OPTIONS';
}
