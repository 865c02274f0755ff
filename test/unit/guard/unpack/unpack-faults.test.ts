/** Failures of the disk: node:fs is made to have them. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import type * as Fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { unpack, UnpackError } from '@tarwarden/guard';
import { at, errno, fail, faults, noFaults } from '../../../support/fs-faults.ts';
import { tgz } from '../../../support/pkg.ts';
import { entry } from '../../../support/tar.ts';
import { tree } from '../../../support/tree.ts';

vi.mock('node:fs', async (original) => {
  const { withFaults } = await import('../../../support/fs-faults.ts');
  return withFaults(await original<typeof Fs>());
});

const bytes = tgz({
  entries: ['a/1.js', 'b/1.js', 'a/2.js', 'b/deep/1.js', 'a/3.js'].map((path) =>
    entry({ name: `package/${path}`, body: `${path}\n`.repeat(100) }),
  ),
});
let folder: string;
let parent: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-unpack-test-')));
  parent = join(folder, 'parent');
  mkdirSync(parent);
  noFaults();
});
afterEach(() => {
  noFaults();
  rmSync(folder, { recursive: true, force: true });
});

const run = (): ReturnType<typeof unpack> => unpack(bytes, join(parent, 'out'));

function failure(act: () => unknown): UnpackError {
  try {
    act();
  } catch (error) {
    if (error instanceof UnpackError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('a disk that fails', () => {
  it.each([
    ['ENOSPC', 'NO_SPACE'],
    ['EDQUOT', 'NO_SPACE'],
    ['EROFS', 'NOT_PERMITTED'],
    ['EIO', 'IO_FAILED'],
    ['EMFILE', 'IO_FAILED'],
  ])('%s while writing leaves nothing', (code, expected) => {
    for (const call of [1, 4, 7]) {
      faults.calls = {};
      faults.before['writeSync'] = fail(call, code);
      const error = failure(run);
      expect(error.code).toBe(expected);
      expect(error.message).toContain('cannot unpack into "');
      expect(error.message).toContain(code);
      expect(tree(parent)).toEqual([]);
    }
  });

  it.each([1, 2, 3, 4, 5])('ENOSPC while making folder %d leaves nothing', (call) => {
    faults.before['mkdirSync'] = fail(call, 'ENOSPC');
    expect(failure(run).code).toBe('NO_SPACE');
    expect(tree(parent)).toEqual([]);
  });

  it('an error that closing tells leaves nothing', () => {
    faults.before['writeSync'] = at(3, () => {
      faults.before['closeSync'] = () => {
        faults.before = {};
        throw errno('EIO', 'close');
      };
    });
    expect(failure(run).code).toBe('IO_FAILED');
    expect(tree(parent)).toEqual([]);
  });

  it('writes on where less was written than asked', () => {
    faults.short = 7;
    expect(run().status).toBe('unpacked');
    const all = tree(parent);
    rmSync(join(parent, 'out'), { recursive: true });
    faults.short = Number.POSITIVE_INFINITY;
    run();
    expect(all).toEqual(tree(parent));
  });

  it('a destination that fills in the last moment is left as it is', () => {
    faults.before['renameSync'] = at(1, () => {
      mkdirSync(join(parent, 'out'));
      writeFileSync(join(parent, 'out/mine'), 'x');
    });
    expect(failure(run).code).toBe('DESTINATION_EXISTS');
    expect(tree(parent).map((line) => line.split(' ')[1])).toEqual(['out', 'out/mine']);
  });

  it.each([
    ['EEXIST', 'DESTINATION_EXISTS'],
    ['ENOTEMPTY', 'DESTINATION_EXISTS'],
    ['ENOTDIR', 'DESTINATION_EXISTS'],
    ['EACCES', 'NOT_PERMITTED'],
    ['EIO', 'IO_FAILED'],
  ])('%s when the package gets its name is %s', (code, expected) => {
    faults.before['renameSync'] = fail(1, code);
    expect(failure(run).code).toBe(expected);
    expect(tree(parent)).toEqual([]);
  });

  it('that treats two names as one makes the archive one that is not plain', () => {
    faults.before['mkdirSync'] = fail(4, 'EEXIST');
    const error = failure(run);
    expect(error).toMatchObject({ code: 'NOT_PLAIN' });
    expect(error.message).toContain('this file system treats two names as one');
    expect(tree(parent)).toEqual([]);
  });

  it('compares two equal entries however little is read at once', () => {
    const twice = entry({ name: 'package/twice', body: 'x'.repeat(1000) });
    faults.short = 7;
    expect(unpack(tgz({ entries: [twice, twice] }), join(parent, 'out')).status).toBe('unpacked');
    faults.short = Number.POSITIVE_INFINITY;
  });
});
