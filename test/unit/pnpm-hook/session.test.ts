import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { processName } from '../../../packages/guard/src/run/process-name.ts';
import { CurrentSession } from '../../../packages/pnpm-hook/src/session.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

vi.mock('../../../packages/pnpm-hook/src/engine.ts', async (original) => ({
  ...(await original<object>()),
  inWorker: true,
  engineOf: () => ({ major: 12, version: '12.21.0' }),
}));
vi.mock('../../../packages/pnpm-hook/src/settings/own-config.ts', () => ({
  ownConfig: () => ({ userAgent: 'pnpm/12.21.0', registry: 'https://own.example/' }),
}));

const disk = vi.hoisted(() => ({ full: false }));
vi.mock('../../../packages/pnpm-hook/src/handoff/run-folder.ts', async (original) => {
  const real =
    await original<typeof import('../../../packages/pnpm-hook/src/handoff/run-folder.ts')>();
  return { ...real, runFolders: () => (disk.full ? [] : real.runFolders()) };
});

const config = (registry: string): Record<string, unknown> => ({
  userAgent: 'pnpm/12.21.0',
  registry,
});

let cache: string;
let run: string;
freshFolder((made) => {
  disk.full = false;
  warn.mockReset();
  cache = made;
  vi.stubEnv('XDG_CACHE_HOME', cache);
  run = join(cache, 'tarwarden/run');
});

const warn = vi.fn();
/** As a worker of pnpm 12 has it. */
const worker = (): CurrentSession => new CurrentSession({ warn });

describe('what the first worker learned', () => {
  it('is what the second has, and then nobody any more', () => {
    worker().begin(config('https://project.example/'));
    expect(readdirSync(run)).toHaveLength(1);
    expect(worker().get().settings.registry).toBe('https://project.example/');
    expect(readdirSync(run)).toEqual([]);
    expect(worker().get().settings.registry).toBe('https://own.example/');
    expect(warn).not.toHaveBeenCalled();
  });

  it('is its own alone where no folder takes it, which is said', () => {
    disk.full = true;
    const first = worker();
    first.begin(config('https://project.example/'));
    expect(warn.mock.calls).toEqual([[expect.stringContaining('no folder can be written')]]);
    expect(first.get().settings.registry).toBe('https://project.example/');
    expect(worker().get().settings.registry).toBe('https://own.example/');
  });

  it.skipIf(process.platform !== 'linux')(
    'is not taken by the worker of another pnpm, whose number is the same',
    () => {
      mkdirSync(run, { recursive: true, mode: 0o700 });
      const [place = '', number = ''] = processName(process.ppid).split('-');
      const others = [
        `pnpm-${number}-99-1.json`,
        `pnpm-${'0'.repeat(16)}-${number}-1-aa.json`,
        `pnpm-${place}-${number}-1-aa.json`,
      ];
      for (const name of others)
        writeFileSync(join(run, name), '{"settings":{"registry":"https://foreign.example/"}}');
      expect(worker().get().settings.registry).toBe('https://own.example/');
    },
  );
});
