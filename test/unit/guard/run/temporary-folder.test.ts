import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { errno } from '../../../support/fs-faults.ts';
import { processName } from '../../../../packages/guard/src/run/process-name.ts';

const prefix = 'tarwarden-unit-';
const made: string[] = [];
let root: string;
let told: string[];
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-temporary-folder-')));
  vi.stubEnv('TMPDIR', root);
  vi.resetModules();
  told = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => told.push(String(text)) > 0);
});
afterEach(() => {
  for (const folder of [root, ...made.splice(0)]) rmSync(folder, { recursive: true, force: true });
});

async function make(bytes?: number): Promise<{ path: string; reserve: string }> {
  const { makeTemporaryFolder } =
    await import('../../../../packages/guard/src/run/temporary-folder.ts');
  const folder = makeTemporaryFolder({ prefix, ...(bytes !== undefined && { bytes }) });
  made.push(folder.path);
  return folder;
}

describe('a folder for temporary files', () => {
  it('is private, where temporary files go, with room set aside', async () => {
    const { path, reserve } = await make();
    expect(dirname(path)).toBe(root);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(reserve).size).toBe(64 * 1024);
    expect(told).toEqual([]);
  });

  it('is where its path is short enough, for a socket', async () => {
    vi.stubEnv('TMPDIR', join(root, 'x'.repeat(100)));
    mkdirSync(join(root, 'x'.repeat(100)));
    const { makeTemporaryFolder } =
      await import('../../../../packages/guard/src/run/temporary-folder.ts');
    const { path } = makeTemporaryFolder({ prefix, pathBytesMax: 100 });
    made.push(path);
    expect(Buffer.byteLength(path)).toBeLessThanOrEqual(100);
    expect(told).toEqual([]);
  });

  it('is elsewhere where that is missing, which is said once', async () => {
    rmSync(root, { recursive: true });
    const { path } = await make();
    expect(existsSync(path)).toBe(true);
    await make();
    expect(told).toEqual([
      `tarwarden: no file can be written in ${root} (ENOENT); ${path} is used instead\n`,
    ]);
  });

  it('is elsewhere where what is to be written does not fit', async () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    vi.stubEnv('TMPDIR', join(file, 'below'));
    const { path } = await make(5);
    expect(path.startsWith(file)).toBe(false);
    expect(told[0]).toContain('ENOTDIR');
  });

  it('names a quota that is used up, which Node does not', async () => {
    vi.doMock('node:fs', async (original) => ({
      ...(await original<object>()),
      mkdtempSync: () => {
        throw errno('EDQUOT', 'mkdtemp');
      },
    }));
    await expect(make()).rejects.toThrow(`no file can be written in ${root} (EDQUOT), `);
    vi.doUnmock('node:fs');
  });

  it.skipIf(process.platform !== 'linux')('removes what killed processes left', async () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    const ended = `${prefix}${processName(gone)}-abc`;
    const alive = `${prefix}${processName(process.pid)}-abc`;
    const foreign = `${prefix}${'0'.repeat(16)}-1-1-abc`;
    const old = `${prefix}old`;
    for (const name of [ended, alive, foreign, old, 'another']) mkdirSync(join(root, name));
    const yesterday = Date.now() / 1000 - 25 * 3600;
    for (const name of [old, 'another']) utimesSync(join(root, name), yesterday, yesterday);
    const { path } = await make();
    expect(readdirSync(root)).toEqual(
      ['another', alive, foreign, path.slice(root.length + 1)].toSorted(),
    );
  });
});
