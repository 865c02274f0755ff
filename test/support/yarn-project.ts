/** In place of Yarn's project, as far as the gate before its linkers sees it. */
import { join } from 'node:path';
import { vi } from 'vitest';

export interface Settings {
  nodeLinker: string;
  pnpmStoreFolder?: string;
}

export function fakeProjects() {
  /** What the linker does when the gate lets it. */
  const linker = vi.fn((_project: object): void => undefined);
  const persist = vi.fn((_project: object): void => undefined);
  class Project {
    readonly cwd: string;
    readonly storedPackages: Map<string, { name: string; locatorHash: string }> = new Map([
      ['h', { name: 'a-npm-1', locatorHash: 'h' }],
    ]);
    readonly storedChecksums: Map<string, string> = new Map([['h', 'sum']]);
    readonly storedBuildState: Map<string, string> = new Map([['h', 'built']]);
    linkersCustomData: Map<string, unknown> = new Map([['l', 1]]);
    readonly configuration: {
      get(name: string): string | undefined;
      values: Map<string, string | undefined>;
    };

    constructor(cwd: string, settings: Settings) {
      this.cwd = cwd;
      const all: Record<string, string | undefined> = {
        nodeLinker: settings.nodeLinker,
        pnpUnpluggedFolder: join(cwd, '.yarn/unplugged'),
        installStatePath: join(cwd, '.yarn/install-state.gz'),
      };
      this.configuration = {
        get: (name) => all[name],
        values: new Map([['pnpmStoreFolder', settings.pnpmStoreFolder]]),
      };
    }
    async fetchEverything(_options: object): Promise<void> {
      // Its gate is tested with the archives.
    }
    async linkEverything(_options: object): Promise<void> {
      linker(this);
    }
    async persistInstallStateFile(): Promise<void> {
      persist(this);
    }
  }
  return { Project, linker, persist };
}

/** A guard that remembers what was made, as the store of verdicts does. */
export function noteBook() {
  const notes = new Map<string, string>();
  return {
    notes,
    madeHere: (place: string, facts: string | undefined): boolean =>
      facts !== undefined && notes.get(place) === facts,
    noteMade(place: string, facts: string | undefined): void {
      if (facts !== undefined) notes.set(place, facts);
    },
  };
}
