/** What is around the guard of the pnpm hook: a store in memory, and downloads that a test answers. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi, type Mock } from 'vitest';
import type { InspectOptions, Verdict } from '@tarwarden/core';
import { integrityOf } from '../../packages/guard/src/fetch/integrity.ts';
import type { Guard } from '../../packages/pnpm-hook/src/inspection/guard.ts';
import type { Hook } from '../../packages/pnpm-hook/src/hook.ts';
import type { HookError } from '../../packages/pnpm-hook/src/messages.ts';
import type { PnpmSource } from '../../packages/pnpm-hook/src/source.ts';
import { tgz } from './pkg.ts';

export const clean: Buffer = tgz();
export const integrity: string = integrityOf(clean);
export const expected = { name: 'fixture', version: '1.0.0' };
export const settings = { registry: 'https://registry.example/', scopes: {} };

export function source(more: Partial<PnpmSource> = {}): PnpmSource {
  return {
    kind: 'download',
    id: 'fixture@1.0.0',
    url: 'https://user:secret@registry.example/f.tgz',
    integrity,
    expected,
    ...more,
  } as PnpmSource;
}

export const commit: PnpmSource = {
  kind: 'git',
  id: 'g@1',
  repo: 'https://host.example/g.git',
  commit: 'c0',
  folder: 'sub',
};

export function verdictOf(status: 'accept' | 'reject'): Verdict {
  return {
    status,
    format: 'npm',
    findings: [],
    omitted: 0,
    archive: { sha512: '', integrity, compressedBytes: 1, unpackedBytes: 1, entries: 1 },
  };
}

/** What an act is refused with. */
export async function failureOf(act: Promise<unknown>): Promise<HookError> {
  return act.then(
    () => {
      throw new Error('nothing thrown');
    },
    (error: HookError) => error,
  );
}

/** The store of verdicts, in memory. */
export class Store {
  readonly verdicts: Map<string, Verdict> = new Map();
  readonly links: Map<string, string> = new Map();
  readonly flush: Mock<() => void> = vi.fn(() => undefined);
  readonly flushSoon: Mock<() => void> = vi.fn(() => undefined);

  get(key: object): Verdict | undefined {
    return this.verdicts.get(JSON.stringify(key));
  }
  put(key: object, verdict: Verdict): void {
    this.verdicts.set(JSON.stringify(key), verdict);
  }
  getLink(name: string): string | undefined {
    return this.links.get(name);
  }
  putLink(name: string, to: string): void {
    this.links.set(name, to);
  }
}

/** Stand-ins for what the guard uses: who imports this file has them, before the guard is loaded by {@link openScene}. */
export const fakes: {
  offline: boolean;
  /** What the inspection throws. */
  crash: Error | undefined;
  fetchTarball: Mock;
  archiveCommit: Mock;
  openVerdictStore: Mock;
} = {
  offline: false,
  crash: undefined,
  fetchTarball: vi.fn(),
  archiveCommit: vi.fn(),
  openVerdictStore: vi.fn(),
};

vi.mock('../../packages/guard/src/index.ts', async (original) => {
  const { fetchTarball } = fakes;
  return { ...(await original<object>()), fetchTarball };
});
vi.mock('../../packages/guard/src/known/verdict-store.ts', async (original) => {
  const { openVerdictStore } = fakes;
  return { ...(await original<object>()), openVerdictStore };
});

/** The hook of another process. */
export async function freshHook(): Promise<Hook> {
  const { testHook } = await import('./pnpm-hook.ts');
  const inspection = await import('../../packages/pnpm-hook/src/inspection/inspection.ts');
  const inspect = (bytes: Uint8Array, options?: Omit<InspectOptions, 'format'>): Verdict => {
    if (fakes.crash !== undefined) throw fakes.crash;
    return inspection.inspect(bytes, options);
  };
  return testHook({
    session: () => ({ settings, offline: fakes.offline }),
    inspection: async () => ({ ...inspection, inspect, archiveCommit: fakes.archiveCommit }),
  });
}

export interface Scene {
  readonly root: string;
  readonly hook: Hook;
  readonly guard: Guard;
  readonly store: Store;
  /** What was printed. */
  readonly written: string[];
  know(status: 'accept' | 'reject', of?: Partial<PnpmSource>): void;
  /** From now on nothing was refused before. */
  forgive(): Promise<void>;
  dispose(): void;
}

/** A guard in a process and a home of its own. */
export async function openScene(): Promise<Scene> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-guard-')));
  vi.stubEnv('HOME', root);
  vi.stubEnv('XDG_CONFIG_HOME', root);
  const store = new Store();
  fakes.offline = false;
  fakes.crash = undefined;
  fakes.openVerdictStore.mockReset().mockImplementation(() => store);
  fakes.fetchTarball.mockReset().mockResolvedValue(clean);
  fakes.archiveCommit.mockReset().mockResolvedValue(clean);
  const written: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  vi.spyOn(process, 'once').mockReturnValue(process);
  const hook = await freshHook();
  return {
    root,
    hook,
    guard: await hook.guard(root),
    store,
    written,
    know(status, of = {}) {
      store.put({ integrity, expected, ...of }, verdictOf(status));
    },
    async forgive() {
      Object.assign(hook, { refusals: (await freshHook()).refusals });
    },
    dispose() {
      vi.useRealTimers();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
