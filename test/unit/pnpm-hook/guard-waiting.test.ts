/** What the guard remembers, what it waits for, and what it does ahead. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Verdict } from '@tarwarden/core';
import type { PnpmSource } from '../../../packages/pnpm-hook/src/source.ts';
import {
  clean,
  commit,
  expected,
  failureOf,
  fakes,
  freshHook,
  integrity,
  openScene,
  source,
  verdictOf,
  type Scene,
} from '../../support/pnpm-guard.ts';
import { pkg } from '../../support/pkg.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.dispose());

describe('a verdict that is remembered', () => {
  test('makes the download needless', async () => {
    scene.know('accept');
    expect(await scene.guard.inspect(source())).toEqual({
      verdict: verdictOf('accept'),
      integrity,
    });
    expect(await scene.guard.inspectSoon(source())).toMatchObject({ integrity });
    expect(fakes.fetchTarball).not.toHaveBeenCalled();
  });

  test('rejects again', async () => {
    scene.know('reject');
    expect((await failureOf(scene.guard.inspect(source()))).message).toBe(
      'tarwarden: fixture@1.0.0 is refused: it is rejected',
    );
    expect(fakes.fetchTarball).not.toHaveBeenCalled();
  });

  test('says how much more there is than the first finding', async () => {
    const finding = { rule: 'symlink', level: 'error', message: 'first' } as const;
    const verdict: Verdict = {
      ...verdictOf('reject'),
      omitted: 4,
      findings: [
        { ...finding, level: 'warning', message: 'only a warning' },
        { ...finding, excepted: 'known', message: 'excepted' },
        finding,
        { ...finding, message: 'second' },
      ],
    };
    scene.store.verdicts.set(JSON.stringify({ integrity, expected }), verdict);
    expect((await failureOf(scene.guard.inspect(source()))).message).toBe(
      'tarwarden: fixture@1.0.0 is refused: symlink: first (and 5 more)',
    );
    await scene.forgive();
    const alone = { ...verdictOf('reject'), findings: [finding] };
    scene.store.verdicts.set(JSON.stringify({ integrity, expected }), alone);
    expect((await failureOf(scene.guard.inspect(source()))).message).toMatch(
      /is refused: symlink: first$/,
    );
  });

  test('is not one by a hash that bytes can share', () => {
    scene.know('accept', { integrity: 'sha1-x' });
    expect(scene.guard.remembered(source({ integrity: 'sha1-x' }))).toBeUndefined();
    const { integrity: _, ...plain } = source();
    expect(scene.guard.remembered(plain as PnpmSource)).toBeUndefined();
  });

  test('pins a source, unless its bytes wait to be used', async () => {
    expect(scene.guard.isPinned(source())).toBe(false);
    scene.know('reject');
    expect(scene.guard.isPinned(source())).toBe(false);
    scene.know('accept');
    expect(scene.guard.isPinned(source())).toBe(true);
    await scene.guard.inspectBytes(source());
    expect(scene.guard.isPinned(source())).toBe(false);
    scene.guard.forget(source());
    expect(scene.guard.isPinned(source())).toBe(true);
  });
});

describe('a hook that pnpm gives up on', () => {
  test('is refused before, and the work goes on for who asks next', async () => {
    vi.useFakeTimers();
    let arrive: (bytes: Buffer) => void = () => undefined;
    fakes.fetchTarball.mockReturnValue(new Promise((resolve) => (arrive = resolve)));
    const late = failureOf(scene.guard.inspectSoon(source()));
    await vi.advanceTimersByTimeAsync(25_000);
    expect((await late).message).toBe(
      'tarwarden: fixture@1.0.0 was not inspected, so it is not installed: no verdict within 25 s',
    );
    vi.useRealTimers();
    await scene.forgive();
    arrive(clean);
    await expect(scene.guard.inspectBytes(source())).resolves.toMatchObject({ integrity });
    expect(fakes.fetchTarball).toHaveBeenCalledTimes(1);
  });

  test('gets the verdict where there is one in time, and leaves no timer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await expect(scene.guard.inspectSoon(source())).resolves.toMatchObject({ integrity });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('passes on a refusal as it is', async () => {
    scene.know('reject');
    const error = await failureOf(scene.guard.inspectSoon(source()));
    expect(error.reason).toBe('REJECTED');
  });
});

describe('what pnpm will ask for', () => {
  test('is inspected ahead, once', async () => {
    scene.guard.expect(source());
    scene.guard.expect(source());
    await scene.guard.inspectBytes(source());
    scene.guard.expect(source());
    expect(fakes.fetchTarball).toHaveBeenCalledTimes(1);
  });

  test('is downloaded 64 at a time', async () => {
    const waiting: (() => void)[] = [];
    fakes.fetchTarball.mockImplementation(
      () => new Promise((resolve) => waiting.push(() => resolve(clean))),
    );
    for (let at = 0; at < 70; at += 1)
      scene.guard.expect(source({ url: `https://x/${at}` } as never));
    await vi.waitFor(() => expect(waiting.length).toBe(64));
    waiting[0]?.();
    await vi.waitFor(() => expect(waiting.length).toBe(65));
  });

  test('does not come before what pnpm asks for now', async () => {
    const asked: string[] = [];
    const waiting: (() => void)[] = [];
    fakes.fetchTarball.mockImplementation(({ url }: { url: string }) => {
      asked.push(url);
      return new Promise((resolve) => waiting.push(() => resolve(clean)));
    });
    for (let at = 0; at < 70; at += 1)
      scene.guard.expect(source({ url: `https://x/${at}` } as never));
    await vi.waitFor(() => expect(waiting.length).toBe(64));
    void scene.guard.inspectBytes(source({ url: 'https://x/now' } as never));
    waiting[0]?.();
    await vi.waitFor(() => expect(waiting.length).toBe(65));
    expect(asked.at(-1)).toBe('https://x/now');
  });

  test('waits while much that was inspected ahead waits in memory', async () => {
    const { integrity: _, ...more } = source({ id: 'more@1.0.0' });
    // Stored, so that the archive is as large as what is in it.
    const files = { 'large.bin': Buffer.alloc(32 * 1024 * 1024) };
    fakes.fetchTarball.mockResolvedValueOnce(gzipSync(pkg({ files }), { level: 0 }));
    const { bytes } = await scene.guard.inspectBytes(more as PnpmSource);
    const next = source({ url: 'https://x/next' } as never);
    scene.guard.expect(next);
    await new Promise((resolve) => setImmediate(resolve));
    expect(fakes.fetchTarball).toHaveBeenCalledTimes(1);
    bytes?.discard();
    scene.guard.forget(more as PnpmSource);
    await vi.waitFor(() => expect(fakes.fetchTarball).toHaveBeenCalledTimes(2));
  });

  test('that fails is a failure for who asks, and ends nothing before', async () => {
    fakes.fetchTarball.mockRejectedValue(new Error('gone'));
    scene.guard.expect(source());
    await vi.waitFor(() => expect(scene.hook.refusals.all).toHaveLength(1));
    await expect(scene.guard.inspect(source())).rejects.toBe(scene.hook.refusals.all[0]);
  });
});

describe('many', () => {
  test('are all inspected, and all rejections are shown, before the first is thrown', async () => {
    fakes.fetchTarball.mockImplementation(async ({ url }: { url: string }) => {
      if (url.includes('bad')) throw new Error(`no ${url}`);
      return clean;
    });
    const { integrity: _, ...plain } = source();
    const named = (name: string): PnpmSource =>
      ({ ...plain, id: name, url: `https://x/${name}` }) as PnpmSource;
    const error = await failureOf(
      scene.guard.inspectAll([named('good'), named('bad1'), named('bad2')]),
    );
    expect(error.message).toContain('bad1 was not inspected');
    expect(scene.written.join('')).toContain('bad2');
    expect(scene.store.flush).toHaveBeenCalled();
  });

  test('that are fine throw nothing, and are written down', async () => {
    await expect(scene.guard.inspectAll([source(), commit])).resolves.toBeUndefined();
    expect(scene.store.flush).toHaveBeenCalledTimes(1);
    scene.guard.flush();
    expect(scene.store.flush).toHaveBeenCalledTimes(2);
  });
});

describe('verdicts', () => {
  test('are written soon after each inspection, and when the process ends', async () => {
    await scene.guard.inspect(source());
    await scene.guard.inspect(commit);
    expect(scene.store.flushSoon).toHaveBeenCalledTimes(2);
    expect(scene.store.flush).not.toHaveBeenCalled();
    const [event, listener] = vi.mocked(process.once).mock.calls[0] as [string, () => void];
    expect(event).toBe('exit');
    listener();
    expect(scene.store.flush).toHaveBeenCalledOnce();
  });
});

describe('the guard of a project', () => {
  test('is one, and is there once a hook has made it', async () => {
    const other = await freshHook();
    expect(other.guardSoFar()).toBeUndefined();
    const made = other.guard(scene.root);
    expect(other.guardSoFar()).toBe(made);
    expect(other.guard()).toBe(made);
    await made;
  });

  test('is that of a folder in it, and of no folder in another', async () => {
    const [inside, outside] = ['project/packages/a', 'elsewhere'].map((name) =>
      join(scene.root, name),
    );
    for (const folder of [inside!, outside!]) mkdirSync(folder, { recursive: true });
    mkdirSync(join(scene.root, 'project/.git'));
    const other = await freshHook();
    const made = await other.guard(join(scene.root, 'project'));
    expect(await other.guard(inside)).toBe(made);
    const foreign = await other.guard(outside);
    expect(foreign).not.toBe(made);
    expect(await other.guard()).toBe(foreign);
  });

  test('applies the policy of the folder that is named first', async () => {
    writeFileSync(join(scene.root, 'tarwarden.json'), '{"limits": {"entries": 1}}');
    const other = await (await freshHook()).guard(scene.root);
    expect((await failureOf(other.inspect(source()))).message).toMatch(/is refused/);
  });

  test('warns of an exception that has expired', async () => {
    const exception = {
      package: 'a@1.0.0',
      rule: 'symlink',
      sha512: 'a'.repeat(128),
      reason: 'known',
      expires: '2020-01-01',
    };
    writeFileSync(join(scene.root, 'tarwarden.json'), JSON.stringify({ exceptions: [exception] }));
    await (await freshHook()).guard(scene.root);
    expect(scene.written.join('')).toMatch(/tarwarden: .*expired on 2020-01-01/);
  });

  test('is none where the policy is wrong, and everything fails', async () => {
    writeFileSync(join(scene.root, 'tarwarden.json'), '{"nonsense": 1}');
    const hook = await freshHook();
    const error = await failureOf(hook.guard(scene.root));
    expect(error).toMatchObject({ reason: 'NOT_INSPECTED', cause: expect.any(Error) });
    expect(error.message).toMatch(
      /^tarwarden: .*tarwarden\.json:1:\d+: nonsense is not a known key/,
    );
    expect(hook.refusals.all).toEqual([error]);
  });
});
