/** The one inspection for each source: got, verified, inspected and remembered. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RULESET, TarwardenError } from '@tarwarden/core';
import { StatusError } from '../../../packages/guard/src/fetch/fetch-retry.ts';
import { integrityOf } from '../../../packages/guard/src/fetch/integrity.ts';
import type { PnpmSource } from '../../../packages/pnpm-hook/src/source.ts';
import { attack } from '../../support/attacks.ts';
import { tgz } from '../../support/pkg.ts';
import {
  clean,
  commit,
  expected,
  failureOf,
  fakes,
  integrity,
  openScene,
  settings,
  source,
  type Scene,
} from '../../support/pnpm-guard.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.dispose());

const hostile = attack('symlink').build({ name: 'bad' });
const LINK = 'git:["c0","sub"]';

describe('a source that nobody inspected', () => {
  test('is got, inspected, remembered, and has its bytes at hand', async () => {
    const put = vi.spyOn(scene.store, 'put');
    const inspected = await scene.guard.inspect(source());
    expect(inspected).toMatchObject({ verdict: { status: 'accept' }, integrity });
    expect(inspected.bytes?.file()).toEqual(expect.any(String));
    inspected.bytes?.discard();
    expect(fakes.fetchTarball.mock.calls).toEqual([
      [
        {
          url: (source() as { url: string }).url,
          settings,
          timeLimit: 1_800_000,
          integrity,
        },
      ],
    ]);
    expect(put.mock.calls.map(([key]) => key)).toEqual([{ integrity, expected }]);
    expect(fakes.openVerdictStore).toHaveBeenCalledWith(
      expect.objectContaining({ ruleset: RULESET, env: process.env }),
    );
  });

  test('of which nothing is promised is asked for without', async () => {
    fakes.fetchTarball.mockResolvedValue(tgz({ name: 'other' }));
    const { integrity: _integrity, expected: _expected, ...plain } = source();
    const inspected = await scene.guard.inspect(plain as PnpmSource);
    expect(inspected.verdict.status).toBe('accept');
    expect(Object.keys(fakes.fetchTarball.mock.calls[0]?.[0] as object)).toEqual([
      'url',
      'settings',
      'timeLimit',
      'isWhole',
    ]);
  });

  test('is rejected where it is hostile: shown once, and from then on for everything', async () => {
    fakes.fetchTarball.mockResolvedValue(hostile);
    const { integrity: _, ...plain } = source({
      id: 'bad@1.0.0',
      expected: { name: 'bad', version: '1.0.0' },
    });
    const error = await failureOf(scene.guard.inspect(plain as PnpmSource));
    expect(error.message).toMatch(/^tarwarden: bad@1\.0\.0 is refused: symlink: .*symbolic link/);
    expect(error.reason).toBe('REJECTED');
    expect(scene.written.join('')).toContain('bad@1.0.0');
    expect(scene.written.join('')).not.toContain('secret');
    expect(scene.store.flush).toHaveBeenCalled();
    await expect(scene.guard.inspect(commit)).rejects.toBe(error);
    await expect(scene.guard.inspectBytes(commit)).rejects.toBe(error);
    expect(fakes.archiveCommit).not.toHaveBeenCalled();
  });

  test('is held to the name that is expected', async () => {
    const { integrity: _, ...plain } = source({ expected: { name: 'other', version: '1.0.0' } });
    expect((await failureOf(scene.guard.inspect(plain as PnpmSource))).message).toMatch(
      /is refused: .*other/,
    );
  });

  test('is inspected once for all that ask at the same time', async () => {
    const [one, two] = await Promise.all([
      scene.guard.inspect(source()),
      scene.guard.inspectBytes(source()),
    ]);
    expect(one).toBe(two);
    expect(fakes.fetchTarball).toHaveBeenCalledTimes(1);
    await scene.guard
      .inspectBytes(source({ expected: { name: 'fixture', version: '1.0.1' } }))
      .catch(() => 0);
    expect(fakes.fetchTarball).toHaveBeenCalledTimes(2);
  });

  test('is got anew once its bytes were used', async () => {
    await scene.guard.inspectBytes(source());
    scene.guard.forget(source());
    await scene.guard.inspectBytes(source());
    expect(fakes.fetchTarball).toHaveBeenCalledTimes(2);
  });

  test('that cannot be had is not inspected, so not installed', async () => {
    const cause = new Error('connection refused by https://user:secret@registry.example/');
    fakes.fetchTarball.mockRejectedValue(cause);
    const error = await failureOf(scene.guard.inspect(source()));
    expect(error).toMatchObject({
      reason: 'NOT_INSPECTED',
      cause,
      message:
        'tarwarden: fixture@1.0.0 was not inspected, so it is not installed: ' +
        'connection refused by https://***@registry.example/',
    });
    const block = scene.written.join('');
    expect(block).toContain('not inspected, so not installed: fixture@1.0.0');
    expect(block).not.toContain('secret');
    await expect(scene.guard.inspect(commit)).rejects.toBe(error);
  });

  test('whose inspection ends in an error has no verdict: everything fails from then on', async () => {
    fakes.crash = new RangeError('out of memory');
    const error = await failureOf(scene.guard.inspect(source()));
    expect(error).toMatchObject({ reason: 'NOT_INSPECTED', cause: fakes.crash });
    expect(error.message).toContain('the inspection failed (out of memory)');
    expect(scene.store.verdicts.size).toBe(0);
    await expect(scene.guard.inspectBytes(commit)).rejects.toBe(error);
  });

  test('is remembered under the integrity of the lockfile as well', async () => {
    const sha384 = `sha384-${createHash('sha384').update(clean).digest('base64')}`;
    await scene.guard.inspect(source({ integrity: sha384 }));
    expect([...scene.store.verdicts.keys()]).toEqual(
      [integrity, sha384].map((one) => JSON.stringify({ integrity: one, expected })),
    );
  });

  test('offline is none: only what is remembered can be had', async () => {
    fakes.offline = true;
    expect((await failureOf(scene.guard.inspect(source()))).message).toContain(
      'pnpm is offline, and no verdict is remembered',
    );
    expect(fakes.fetchTarball).not.toHaveBeenCalled();
  });
});

describe('a package that its registry does not have', () => {
  const notFound = (status: number): TarwardenError =>
    new TarwardenError('FETCH_FAILED', 'cannot download', { cause: new StatusError(status, '') });
  const optional = source({ id: 'optional@1.0.0' });

  test('is left out where it may be, and nothing else is refused for that', async () => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    fakes.fetchTarball.mockRejectedValue(notFound(404));
    scene.guard.allowMissing(optional);
    await expect(scene.guard.inspectSoon(optional)).rejects.toBeInstanceOf(Error);
    await expect(scene.guard.inspectAll([optional])).resolves.toBeUndefined();
    expect(scene.hook.refusals.all).toEqual([]);
    // Whoever asks later gets the same, and not what the registry has by then.
    fakes.fetchTarball.mockResolvedValue(hostile);
    await expect(scene.guard.inspectBytes(optional)).rejects.toThrow('(404), and is left out');
    expect(fakes.fetchTarball).toHaveBeenCalledTimes(1);
    expect(written.mock.calls.join('')).toContain('optional@1.0.0, which is optional');
  });

  test.each([
    ['nobody said that it may be missing', 404, false],
    ['the registry says something else', 403, true],
  ])('is refused where %s', async (_, status, allowed) => {
    fakes.fetchTarball.mockRejectedValue(notFound(status));
    if (allowed) scene.guard.allowMissing(optional);
    const error = await failureOf(scene.guard.inspectAll([optional]));
    expect(error.reason).toBe('NOT_INSPECTED');
    expect(scene.hook.refusals.all).toEqual([error]);
  });
});

describe('a file of the user', () => {
  const file = (more: Partial<PnpmSource> = {}): PnpmSource => {
    const path = join(scene.root, 'a.tgz');
    writeFileSync(path, clean);
    return { kind: 'file', id: 'file:a.tgz', path, ...more } as PnpmSource;
  };

  test('is read, also offline', async () => {
    fakes.offline = true;
    expect(await scene.guard.inspect(file())).toMatchObject({ integrity });
    expect(await scene.guard.inspect(file({ integrity }))).toMatchObject({ integrity });
  });

  test('must have the integrity that is asked for', async () => {
    const other = integrityOf(hostile);
    expect((await failureOf(scene.guard.inspect(file({ integrity: other })))).message).toContain(
      `its bytes do not have the integrity ${other}`,
    );
  });
});

describe('a commit', () => {
  test('is archived, inspected, and remembered by its commit and folder', async () => {
    const inspected = await scene.guard.inspect(commit);
    expect(inspected).toEqual({
      verdict: expect.objectContaining({ status: 'accept' }),
      integrity,
    });
    expect(fakes.archiveCommit.mock.calls).toEqual([
      [commit, { timeLimit: 300_000, offline: false }],
    ]);
    expect(scene.store.links).toEqual(new Map([[LINK, integrity]]));
    expect([...scene.store.verdicts.keys()]).toEqual([JSON.stringify({ integrity })]);
    expect(scene.guard.remembered(commit)?.status).toBe('accept');
  });

  test('is unknown where its archive is known and no verdict', () => {
    expect(scene.guard.remembered(commit)).toBeUndefined();
    scene.store.links.set(LINK, integrity);
    expect(scene.guard.remembered(commit)).toBeUndefined();
  });
});
