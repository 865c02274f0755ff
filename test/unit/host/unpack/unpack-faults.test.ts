/** Failures of the disk, and swaps by another process at an exact moment: node:fs is made to have them. */
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type * as Fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { unpack, UnpackError } from '@tarwarden/host';
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
let sentinel: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-unpack-test-')));
  parent = join(folder, 'parent');
  sentinel = join(folder, 'sentinel');
  for (const inner of ['', 'a', 'b/deep', 'package/a', 'package/b/deep'])
    mkdirSync(join(sentinel, inner), { recursive: true });
  mkdirSync(parent);
  writeFileSync(join(sentinel, 'keep.txt'), 'x');
  noFaults();
});
afterEach(() => {
  noFaults();
  rmSync(folder, { recursive: true, force: true });
});

const run = (checking: 'descriptor' | 'path' = 'descriptor'): ReturnType<typeof unpack> =>
  unpack(bytes, join(parent, 'out'), { checking });

function failure(act: () => unknown): UnpackError {
  try {
    act();
  } catch (error) {
    if (error instanceof UnpackError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

const temporary = (): string => {
  const name = readdirSync(parent).find((one) => one.startsWith('.tarwarden-unpack-'));
  return join(parent, name ?? 'no temporary folder');
};

const swap = (path: string, aside: string): void => {
  renameSync(path, join(folder, aside));
  symlinkSync(sentinel, path);
};

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
      expect(error.leftover).toBeUndefined();
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
});

describe.each(['descriptor', 'path'] as const)('a swap, folders held by %s', (checking) => {
  afterEach(() => {
    const files = tree(sentinel).filter((line) => !line.startsWith('dir'));
    if (files.length !== 1) throw new Error(`written outside: ${files.join(', ')}`);
  });

  it.each([
    ['a folder of the package', 'package/a'],
    ['a folder in a folder of the package', 'package/b'],
    ['the package', 'package'],
  ])('of %s for a link stops it, and nothing is written there', (_what, path) => {
    // package.json, index.js, a/1.js, b/1.js are written when it happens.
    faults.before['writeSync'] = at(5, () => swap(join(temporary(), path), 'aside'));
    expect(failure(() => run(checking)).code).toBe('TAMPERED');
    expect(existsSync(join(parent, 'out'))).toBe(false);
  });

  it('of the temporary folder for a link leads nowhere', () => {
    faults.before['writeSync'] = at(5, () => swap(temporary(), 'aside'));
    if (checking === 'path') {
      expect(failure(() => run(checking)).code).toBe('TAMPERED');
      expect(existsSync(join(parent, 'out'))).toBe(false);
    } else {
      // The folder is held, wherever it was moved to, and the package comes out of it unharmed.
      expect(run(checking)).toMatchObject({ status: 'unpacked', leftover: temporary() });
      expect(existsSync(join(parent, 'out/a/3.js'))).toBe(true);
    }
  });

  it('of a folder for another real folder stops it', () => {
    faults.before['writeSync'] = at(5, () => {
      renameSync(join(temporary(), 'package/a'), join(folder, 'aside'));
      mkdirSync(join(temporary(), 'package/a'));
    });
    expect(failure(() => run(checking)).code).toBe('TAMPERED');
    expect(existsSync(join(parent, 'out'))).toBe(false);
  });

  it('of a file for a link stops it', () => {
    faults.before['writeSync'] = at(5, () => {
      const file = join(temporary(), 'package/a/1.js');
      rmSync(file);
      symlinkSync(join(sentinel, 'keep.txt'), file);
    });
    expect(failure(() => run(checking)).code).toBe('TAMPERED');
    expect(tree(parent)).toEqual([]);
  });

  it('of the package for a link just before it gets its name is taken back', () => {
    faults.before['renameSync'] = at(1, () => {
      faults.before = {};
      swap(join(temporary(), 'package'), 'aside');
    });
    expect(failure(() => run(checking)).code).toBe('TAMPERED');
    expect(tree(parent)).toEqual([]);
  });

  it.runIf(process.geteuid?.() === 0)('of the temporary folder for one of another user', () => {
    faults.after['mkdirSync'] = at(1, () => chownSync(temporary(), 65_534, 65_534));
    expect(failure(() => run(checking)).code).toBe('NOT_PERMITTED');
    expect(tree(parent)).toEqual([]);
  });

  it('a file that is added stops it, and is not published', () => {
    faults.before['writeSync'] = at(5, () => {
      writeFileSync(join(temporary(), 'package/b/extra.js'), 'x');
    });
    expect(failure(() => run(checking)).code).toBe('TAMPERED');
    expect(tree(parent)).toEqual([]);
  });

  it('a folder that is moved in is not emptied, and where it is is told', () => {
    faults.before['writeSync'] = at(5, () => {
      mkdirSync(join(folder, 'precious'));
      writeFileSync(join(folder, 'precious/keep.txt'), 'x');
      renameSync(join(folder, 'precious'), join(temporary(), 'package/precious'));
    });
    const error = failure(() => run(checking));
    expect(error.code).toBe('TAMPERED');
    expect(error.leftover).toBe(temporary());
    expect(error.message).toContain('could not be removed');
    expect(existsSync(join(temporary(), 'package/precious/keep.txt'))).toBe(true);
  });
});
