import { createRequire } from 'node:module';
import { intercept } from '@tarwarden/guarded-run';
import { withPreload } from './node-options.ts';

type Spawn = (command: string, ...rest: unknown[]) => unknown;

interface SpawnOptions {
  readonly env?: NodeJS.ProcessEnv;
}

const isOptions = (value: unknown): value is SpawnOptions =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Keeps the guard in what npm starts: lifecycle scripts, and the npm that prepares a git dependency. npm
 * itself may replace NODE_OPTIONS there, since `node-options=` in a project's .npmrc and `--node-options`
 * on the command line do so; their value is kept, behind the guard's.
 */
export function guardChildren(preload: string): void {
  // Required here and not imported: programs that only inherit the guard need not load it.
  const module = createRequire(process.execPath)('node:child_process') as { spawn: Spawn };
  const guardSpawn = (spawn: Spawn): Spawn =>
    function (this: unknown, command, ...rest) {
      const at = rest.findIndex(isOptions);
      const options = at < 0 ? {} : (rest[at] as SpawnOptions);
      const env = { ...(options.env ?? process.env) };
      const name = Object.keys(env).find(isNodeOptions) ?? 'NODE_OPTIONS';
      env[name] = withPreload(env[name], preload);
      const changed = { ...options, env };
      const args = at < 0 ? [...rest, changed] : rest.with(at, changed);
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
