/*
 * pnpm notes in its lockfile that a pnpmfile has hooks. A bot or a colleague whose pnpm runs without them then writes another lockfile,
 * and frozen installs fail. This hook does not change the content of a lockfile, so this file prevents the note.
 */
import { createRequire } from 'node:module';
import { isWithin } from '@tarwarden/guard/real-path';
import type { PnpmConfig } from '../pnpm-shapes.ts';

type Hook = (...args: unknown[]) => unknown;

/** The hooks of all pnpmfiles, as pnpm 10 and 11 combine them. */
export interface CookedHooks {
  updateConfig?: Hook[];
  calculatePnpmfileChecksum?: unknown;
  untrackedPnpmfileReadPackageHook?: unknown;
  fetchers?: unknown;
  customFetchers?: unknown;
  importPackage?: unknown;
}

/** The mark on each of our hooks, also in other copies: a user's pnpmfile and a project's may both load one. */
const OURS = Symbol.for('tarwarden.hook');
const SHARED = Symbol.for('tarwarden.lockfile-trace');

/** SHA-256 of no bytes, as pnpm writes it to a lockfile. */
const OF_NOTHING = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

/** The state that all copies of the hook in one process share. */
interface SharedHooks {
  /** The hooks of the command. pnpm makes those of single projects later. */
  cooked?: CookedHooks;
  calculate?: () => Promise<string>;
  /** Before `updateConfig` has checked that, assume that another pnpmfile has hooks. */
  othersHaveHooks: boolean;
}

/** Marks a hook, or an object of hooks, as one that changes nothing in a lockfile. */
export function markHook<Value extends object>(value: Value): Value {
  return Object.defineProperty(value, OURS, { value: true });
}

/** Whether another copy of this hook made it. */
export function isOurHook(value: unknown): boolean {
  return (typeof value === 'function' || typeof value === 'object') && value !== null
    ? OURS in value
    : false;
}

/** Whether a pnpmfile exports hooks that are not ours. */
export function hasOtherHooks(loaded: unknown): boolean {
  const exported = (loaded ?? {}) as { hooks?: unknown; default?: { hooks?: unknown } };
  const hooks = exported.hooks ?? exported.default?.hooks;
  if (hooks === undefined || hooks === null) return false;
  const exportedHooks = Object.values(hooks);
  return exportedHooks.length === 0 || !exportedHooks.every(isOurHook);
}

/**
 * pnpm 12 asks each pnpmfile whether it has hooks, and writes a checksum if one answers yes. This replaces the question by one with the
 * answer no. If pnpm changes the question, the lockfile only gets one more line.
 */
export function hideFromLockfileOfWorker(source: string = evaluated()): void {
  const file = workerFile(source);
  if (file === undefined) return;
  const parse = JSON.parse.bind(JSON);
  JSON.parse = (text, reviver) => {
    const value = parse(text, reviver) as { id?: unknown; query?: unknown } | null;
    const asks = value?.query === 'hasHooks' || value?.query === 'hasReadPackage';
    return asks && typeof value.id === 'number' && !hasOthers(file)
      ? { id: value.id, target: 'finder', name: '' }
      : value;
  };
}

function evaluated(): string {
  return (process as { _eval?: string })._eval ?? '';
}

/** The pnpmfile that a worker of pnpm 12 is for. */
export function workerFile(source: string = evaluated()): string | undefined {
  const literal = /^const pnpmfilePath = ("(?:[^"\\]|\\.)*");/m.exec(source)?.[1];
  return literal === undefined ? undefined : (JSON.parse(literal) as string);
}

/** On pnpm 12, keeps the user's own pnpmfile out of the project's lockfile, because it changes no manifest. */
export function hideGlobal(
  lockfile: CookedHooks | null,
  file: string | undefined = workerFile(),
): void {
  if (lockfile?.untrackedPnpmfileReadPackageHook !== false || file === undefined) return;
  if (!isWithin(process.cwd(), file)) delete lockfile.untrackedPnpmfileReadPackageHook;
}

/**
 * pnpm 10 and 11 set the function that computes the checksum on an object of theirs. No interface gives access to it, so this catches
 * the assignment itself. If pnpm changes that, the lockfile only gets one more line.
 */
export function hideFromLockfileOfProcess(): void {
  const name = 'calculatePnpmfileChecksum';
  const state = shared();
  Object.defineProperty(Object.prototype, name, {
    configurable: true,
    get: () => undefined,
    set(this: CookedHooks, calculate: () => Promise<string>) {
      state.cooked ??= this;
      state.calculate ??= calculate;
      const value = async (): Promise<string | undefined> => {
        const sum = await calculate();
        if (sum === OF_NOTHING) return undefined;
        // If a project has other pnpmfiles than the command, keep its checksum.
        return !state.othersHaveHooks && sum === (await state.calculate?.()) ? undefined : sum;
      };
      Object.defineProperty(this, name, {
        value,
        configurable: true,
        enumerable: true,
        writable: true,
      });
    },
  });
}

function shared(): SharedHooks {
  const global = globalThis as { [SHARED]?: SharedHooks };
  return (global[SHARED] ??= { othersHaveHooks: true });
}

/** The hooks that pnpm 10 and 11 call; undefined if none were seen. */
export function cookedHooks(config: PnpmConfig): CookedHooks | undefined {
  return shared().cooked ?? (config['hooks'] as CookedHooks | undefined);
}

/** Finds out, on pnpm 10 and 11, whether the lockfile needs a checksum of another pnpmfile. */
export function lookAtPnpmfiles(config: PnpmConfig): void {
  const pnpmfiles = config['pnpmfile'];
  const files = (Array.isArray(pnpmfiles) ? pnpmfiles : []).filter(
    (path) => typeof path === 'string',
  );
  const state = shared();
  state.othersHaveHooks = files.some(hasOthers);
  const global = config['globalPnpmfile'];
  if (typeof global === 'string' && !hasOthers(global))
    delete state.cooked?.untrackedPnpmfileReadPackageHook;
}

/** pnpm has loaded the file before. A file that cannot be loaded again counts as another pnpmfile. */
function hasOthers(file: string): boolean {
  try {
    return hasOtherHooks(createRequire(file)(file));
  } catch {
    return true;
  }
}
