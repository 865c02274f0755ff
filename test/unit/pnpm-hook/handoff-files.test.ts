import { expect, test, vi } from 'vitest';
import { Waiting } from '../../../packages/pnpm-hook/src/temporary.ts';

const bytes = Buffer.from('judged bytes');
vi.mock('../../../packages/pnpm-hook/src/guard.ts', () => ({
  guardSoFar: async () => undefined,
  theGuard: async () => ({
    isPinned: () => false,
    judgeBytes: async () => ({ integrity: 'sha512-judged', bytes: new Waiting(bytes) }),
    forget: () => undefined,
  }),
}));
vi.mock('../../../packages/pnpm-hook/src/session.ts', () => ({
  session: () => ({ settings: { registry: 'https://registry.example/', scopes: {} } }),
}));
const { fetchJudged } = await import('../../../packages/pnpm-hook/src/handoff.ts');

const integrity = `sha512-${Buffer.alloc(64).toString('base64')}`;
const options = { pkg: { name: 'a', version: '1.0.0' }, pkgResolutionId: 'a@1.0.0' };
const fetch = (localTarball: unknown): Promise<unknown> =>
  fetchJudged({}, { integrity }, options, { localTarball } as never);

test('waits where pnpm may open no more files', async () => {
  const full = new Error('Failed to read local tarball: Too many open files (os error 24)');
  const localTarball = vi.fn().mockRejectedValueOnce(full).mockResolvedValueOnce({ filesMap: 1 });
  expect(await fetch(localTarball)).toEqual({ filesMap: 1 });
  expect(localTarball.mock.calls).toHaveLength(2);
  expect(localTarball.mock.calls[0]).toEqual(localTarball.mock.calls[1]);
});

test('waits for nothing else', async () => {
  const localTarball = vi.fn().mockRejectedValue(new Error('integrity'));
  await expect(fetch(localTarball)).rejects.toThrow('integrity');
  expect(localTarball.mock.calls).toHaveLength(1);
});
