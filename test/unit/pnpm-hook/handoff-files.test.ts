import { expect, test, vi } from 'vitest';
import { Handoff } from '../../../packages/pnpm-hook/src/handoff/handoff.ts';
import { HookError } from '../../../packages/pnpm-hook/src/messages.ts';
import { WaitingTarballs } from '../../../packages/pnpm-hook/src/handoff/private-files.ts';
import { testHook } from '../../support/pnpm-hook.ts';

const waiting = new WaitingTarballs();
const hook = testHook({
  session: () => ({ settings: { registry: 'https://registry.example/', scopes: {} } }),
  guard: async () => ({
    askFor: async () => undefined,
    isPinned: () => false,
    inspectBytes: async () => ({
      integrity: 'sha512-inspected',
      bytes: waiting.keep(Buffer.from('inspected bytes')),
    }),
    forget: () => undefined,
  }),
});

const integrity = `sha512-${Buffer.alloc(64).toString('base64')}`;
const options = { pkg: { name: 'a', version: '1.0.0' }, pkgResolutionId: 'a@1.0.0' };
const fetch = (localTarball: unknown): Promise<unknown> =>
  new Handoff(hook).fetchInspected(
    {},
    { integrity },
    { options, fetchers: { localTarball } as never },
  );

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

test('where no file can be written, that is refused for good', async () => {
  const why = new HookError('NOT_INSPECTED', 'there is no room');
  const bytes = { file: vi.fn().mockThrow(why), discard: vi.fn() };
  const guard = {
    askFor: async () => undefined,
    isPinned: () => false,
    inspectBytes: async () => ({ bytes }),
    forget: vi.fn(),
  };
  const full = testHook({ session: hook.session, guard: async () => guard });
  const localTarball = vi.fn();
  const act = new Handoff(full).fetchInspected(
    {},
    { integrity },
    { options, fetchers: { localTarball } as never },
  );
  await expect(act).rejects.toBe(why);
  expect(full.refusals.all).toEqual([why]);
  expect(localTarball).not.toHaveBeenCalled();
  expect(bytes.discard).toHaveBeenCalledTimes(1);
});
