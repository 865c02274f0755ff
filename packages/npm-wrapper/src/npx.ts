import { interception, type Interception } from '@tarwarden/guarded-run';
import type { LoadedModule } from './hooks.ts';
import type { NpmGuard } from './npm-guard.ts';

type Options = Readonly<Record<string, unknown>>;
type Exec = (options: Options) => Promise<unknown>;

/**
 * If a tree of its cache (`<cache>/_npx`) has the package, npx runs it without fetching anything. The tree may have been made without
 * the guard, or may come from a repository, because `cache=` in a project's .npmrc moves the cache. So npx gets a folder that only
 * guarded runs use.
 */
export function execInterceptions(module: LoadedModule, guard: NpmGuard): Interception[] {
  const guardExec =
    (exec: Exec): Exec =>
    async (options) => {
      // npx installs for the user and not for the project, so the user's own policy holds.
      const inspector = await guard.prepare({ opts: { ...options, npmCommand: 'exec' } });
      const npxCache = orUnable(guard, () => inspector.npxFolder());
      try {
        return await exec({ ...options, npxCache });
      } catch (error) {
        const other = orUnable(guard, () => inspector.npxFolderInstead(npxCache, error));
        if (other === undefined) throw error;
        return exec({ ...options, npxCache: other });
      }
    };
  // The module exports the function itself.
  return [interception(module as { exports: Exec }, 'exports', guardExec)];
}

/** Refuses everything if no folder is writable. */
function orUnable<T>(guard: NpmGuard, find: () => T): T {
  try {
    return find();
  } catch (cause) {
    throw guard.unable(cause);
  }
}
