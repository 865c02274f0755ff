/* Finds out which pnpm runs the hook, and whether it calls all hooks that the guard needs. */
import { HookError } from './messages.ts';
import type { PnpmConfig } from './pnpm-shapes.ts';

export interface Engine {
  readonly major: 10 | 11 | 12;
  readonly version: string;
}

/** pnpm 12 runs a pnpmfile in a `node -e` worker, whose standard output is its protocol. */
export const inWorker: boolean = (process as { _eval?: string })._eval !== undefined;

/**
 * The pnpm that a configuration belongs to.
 * @throws HookError for a pnpm that may link packages before it calls the hooks.
 */
export function engineOf(config: PnpmConfig): Engine {
  const agent = typeof config['userAgent'] === 'string' ? config['userAgent'] : '';
  const [, version = 'unknown', major = '', minor = ''] =
    /^pnpm\/((\d+)\.(\d+)\.\d+\S*)/.exec(agent) ?? [];
  const isSupported =
    (major === '10' && !inWorker) ||
    (major === '11' && !inWorker) ||
    (major === '12' && Number(minor) >= 16 && inWorker);
  if (!isSupported) {
    throw new HookError(
      'UNSUPPORTED_PNPM',
      `this release guards pnpm 10, 11 and 12 from 12.16 on, and this is pnpm ${version}: nothing is installed unguarded`,
    );
  }
  const engine: Engine = { major: Number(major) as Engine['major'], version };
  refuseOtherEngines(engine, config);
  return engine;
}

/** If a native engine is a config dependency, pnpm 11 lets it install, and it calls no hook of ours. */
function refuseOtherEngines(engine: Engine, config: PnpmConfig): void {
  const dependencies = config['configDependencies'];
  if (engine.major !== 11 || typeof dependencies !== 'object' || dependencies === null) return;
  const other = Object.keys(dependencies).find((name) => /^(?:@pnpm\/)?pacquet$/.test(name));
  if (other === undefined) return;
  throw new HookError(
    'UNSUPPORTED_PNPM',
    `pnpm would hand the install to ${other}, which runs no fetch hooks: remove it from configDependencies, or use pnpm 12`,
  );
}
