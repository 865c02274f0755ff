import { createRequire } from 'node:module';
import { interceptAll, InterceptError, type Interception } from '@tarwarden/guard/run';
import { arboristInterceptions } from './arborist.ts';
import type { Hooked, LoadedModule } from './npm-copies.ts';
import type { NpmGuard } from './npm-guard.ts';
import { pacoteInterceptions } from './pacote.ts';
import { packInterceptions, publishInterceptions } from './publish.ts';
import { refuse } from './refuse.ts';
import { tarInterceptions } from './unpack.ts';

interface Hook {
  /** Modules that this module uses. The guard must have seen them before. */
  readonly needs: readonly Hooked[];
  /** Lists the methods that the guard replaces, and those without which it cannot guard this npm. */
  readonly list: (module: LoadedModule, guard: NpmGuard, file: string) => readonly Interception[];
}

/** Everything that the guard replaces in npm. */
export const HOOKS: Readonly<Record<Hooked, Hook>> = {
  tar: { needs: [], list: tarInterceptions },
  pacote: { needs: ['tar'], list: pacoteInterceptions },
  '@npmcli/arborist': { needs: ['pacote'], list: arboristInterceptions },
  libnpmpack: { needs: [], list: packInterceptions },
  libnpmpublish: { needs: [], list: publishInterceptions },
};

/** Installs the guard in npm's modules while npm loads them, once in each. */
export class NpmHooks {
  readonly #guard: NpmGuard;
  readonly #loaded = new Set<Hooked>();
  /** The exports that npm gets, by the original exports of the module. */
  readonly #exportsByModule = new WeakMap<object, unknown>();

  constructor(guard: NpmGuard) {
    this.#guard = guard;
  }

  /** Called with the exports of a module that npm loads. Returns the exports that npm gets. Ends an npm that cannot be guarded. */
  loaded(name: Hooked, exports: unknown, file: string): unknown {
    const key = Object(exports) as object;
    if (this.#exportsByModule.has(key)) return this.#exportsByModule.get(key);
    const { needs, list } = HOOKS[name];
    for (const need of needs) this.#loadFirst(need, file);
    const module: LoadedModule = { exports };
    try {
      interceptAll(list(module, this.#guard, file));
    } catch (error) {
      if (!(error instanceof InterceptError)) throw error;
      refuse(`${name} at ${file} is not supported: ${error.message}`);
    }
    this.#loaded.add(name);
    this.#exportsByModule.set(key, module.exports);
    return module.exports;
  }

  /** Loads a module that another module uses, so that the guard changes it first. */
  #loadFirst(need: Hooked, file: string): void {
    try {
      createRequire(file)(need);
    } catch {
      // Reported below.
    }
    if (!this.#loaded.has(need)) refuse(`npm's ${need} was not seen, which ${file} uses`);
  }
}
