/** What surrounds the inspection of config dependencies, and a project that has some. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, vi, type Mock } from 'vitest';
import type { Hook } from '../../packages/pnpm-hook/src/hook.ts';
import { testHook } from './pnpm-hook.ts';

/** Stand-ins for what it imports: who imports this file has them. */
export const fakes: {
  inWorker: boolean;
  settings: object;
  readonly treeOf: Mock;
  readonly theGuard: Mock;
} = { inWorker: true, settings: {}, treeOf: vi.fn(), theGuard: vi.fn() };
vi.mock('../../packages/pnpm-hook/src/engine.ts', () => ({
  get inWorker() {
    return fakes.inWorker;
  },
}));
const { inspectConfigDependencies, folderDigest } =
  await import('../../packages/pnpm-hook/src/config-dependencies/config-dependencies.ts');

export let root: string;
export let hook: Hook;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-config-')));
  fakes.inWorker = true;
  fakes.settings = { registry: 'https://registry.example/', scopes: {} };
  hook = testHook({
    guard: fakes.theGuard,
    session: () => ({ settings: fakes.settings }),
  });
  fakes.treeOf
    .mockReset()
    .mockImplementation(async ({ expected }: { expected: { name: string } }) =>
      folderDigest(place(expected.name)),
    );
  fakes.theGuard.mockReset().mockImplementation(async () => ({ treeOf: fakes.treeOf }));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(root, { recursive: true, force: true });
});

export const place = (name: string): string => join(root, 'node_modules/.pnpm-config', name);
export function link(name: string, to: string): void {
  mkdirSync(dirname(place(name)), { recursive: true });
  symlinkSync(to, place(name));
}
export function unpacked(name: string, folder: string = place(name)): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"version":"1.0.0"}');
  return folder;
}
export const inspect = (more: object = {}): Promise<void> =>
  inspectConfigDependencies({ lockfileDir: root, ...more }, hook);
export const sources = (): object[] => fakes.treeOf.mock.calls.map(([source]) => source as object);
export const refusedBecause = async (why: RegExp): Promise<void> => {
  await expect(inspect()).rejects.toMatchObject({
    reason: 'NOT_INSPECTED',
    message: expect.stringMatching(why),
  });
  expect(hook.refusals.all).toHaveLength(1);
};

/** As pnpm names a folder of its links. */
export const HASH: string = 'a'.repeat(64);
export const linked = (scope: string, name: string): string =>
  join(root, `links/@${scope}/${name}/1.0.0/${HASH}/node_modules`);
