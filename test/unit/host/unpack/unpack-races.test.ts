/** What another process does between two steps, and what the disk does then: beside unpack-faults.test.ts. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import type * as Fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { unpack, UnpackError } from '@tarwarden/host';
import { bestChecking, Folder } from '../../../../packages/host/src/unpack/unpack-folder.ts';
import { at, fail, faults, noFaults } from '../../../support/fs-faults.ts';
import { assertNothingHeld } from '../../../support/held.ts';
import { tgz } from '../../../support/pkg.ts';
import { entry } from '../../../support/tar.ts';
import { tree } from '../../../support/tree.ts';

vi.mock('node:fs', async (original) => {
  const { withFaults } = await import('../../../support/fs-faults.ts');
  return withFaults(await original<typeof Fs>());
});

// The files are written in this order: package.json, index.js, these.
const files = ['a/1.js', 'b/c/d/1.js'].map((path) =>
  entry({ name: `package/${path}`, body: path.repeat(100) }),
);
const twice = entry({ name: 'package/twice', body: 'x'.repeat(1000) });

let folder: string;
let parent: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-races-')));
  parent = join(folder, 'parent');
  mkdirSync(parent);
  mkdirSync(join(folder, 'sentinel'));
  noFaults();
});
afterEach(() => {
  noFaults();
  if (readdirSync(join(folder, 'sentinel')).length > 0) throw new Error('written outside');
  assertNothingHeld(folder);
  rmSync(folder, { recursive: true, force: true });
});

const temporary = (): string => {
  const name = readdirSync(parent).find((one) => one.startsWith('.tarwarden-unpack-'));
  return join(parent, name ?? 'no temporary folder');
};
/** Folders, in the order in which they are made. */
const made = ['.', 'package', 'package/a', 'package/b', 'package/b/c', 'package/b/c/d'];
const out = (): string => join(parent, 'out');

describe.each(['descriptor', 'path'] as const)(
  'between two steps, folders held by %s',
  (checking) => {
    const run = (bytes = tgz({ entries: files })): ReturnType<typeof unpack> =>
      unpack(bytes, out(), { checking });
    function code(bytes?: Buffer): string {
      try {
        run(bytes);
      } catch (error) {
        if (error instanceof UnpackError) return error.code;
        throw error;
      }
      return 'nothing thrown';
    }

    it.each(made)('a new folder %s that is swapped for a link stops it', (path) => {
      faults.after.mkdirSync = at(made.indexOf(path) + 1, () => {
        const place = join(temporary(), path);
        renameSync(place, join(folder, 'aside'));
        symlinkSync(join(folder, 'sentinel'), place);
      });
      expect(code()).toBe('TAMPERED');
      expect(existsSync(out())).toBe(false);
    });

    it.each(made)('a new folder %s that is gone at once stops it', (path) => {
      faults.after.mkdirSync = at(made.indexOf(path) + 1, () =>
        rmSync(join(temporary(), path), { recursive: true }),
      );
      expect(code()).toBe('TAMPERED');
      expect(existsSync(out())).toBe(false);
    });

    it.each(made)('a new folder %s that has something in it at once stops it', (path) => {
      faults.after.mkdirSync = at(made.indexOf(path) + 1, () =>
        writeFileSync(join(temporary(), path, 'planted.js'), 'x'),
      );
      expect(code()).toBe('TAMPERED');
      expect(existsSync(out())).toBe(false);
    });

    it.each<[string, () => void, string[]]>([
      ['is gone', () => undefined, []],
      ['is a file', () => writeFileSync(out(), 'theirs'), ['out']],
      ['is a link', () => symlinkSync(join(folder, 'sentinel'), out()), []],
      [
        'is another folder',
        () => {
          mkdirSync(out());
          writeFileSync(join(out(), 'theirs'), 'x');
        },
        ['out', 'out/theirs'],
      ],
    ])(
      'a package that %s as soon as it has its name is not said to be there',
      (_title, put, left) => {
        faults.after.renameSync = at(1, () => {
          faults.after = {};
          renameSync(out(), join(folder, 'aside'));
          put();
        });
        expect(code()).toBe('TAMPERED');
        expect(tree(parent).map((line) => line.split(' ')[1])).toEqual(left);
      },
    );

    it.each([
      ['EEXIST', 'DESTINATION_EXISTS'],
      ['ENOTEMPTY', 'DESTINATION_EXISTS'],
      ['ENOTDIR', 'DESTINATION_EXISTS'],
      ['EACCES', 'NOT_PERMITTED'],
      ['EIO', 'IO_FAILED'],
    ])('%s when it gets its name is %s', (errno, expected) => {
      faults.before.renameSync = fail(1, errno);
      expect(code()).toBe(expected);
      expect(readdirSync(parent)).toEqual([]);
    });

    it('two equal entries are compared however little is read at once', () => {
      faults.short = 7;
      expect(code(tgz({ entries: [twice, twice] }))).toBe('nothing thrown');
      expect(readFileSync(join(out(), 'twice'), 'utf8')).toBe('x'.repeat(1000));
    });

    it('a file that is cut short before it is compared stops it', () => {
      faults.before.readSync = at(1, () => truncateSync(join(temporary(), 'package/twice'), 10));
      expect(code(tgz({ entries: [twice, twice] }))).toBe('TAMPERED');
      expect(readdirSync(parent)).toEqual([]);
    });

    it('a folder is opened once for the files in it that follow each other', () => {
      const many = (count: number): number => {
        noFaults();
        const entries = Array.from({ length: count }, (_, index) =>
          entry({ name: `package/b/c/${index}.js`, body: 'x' }),
        );
        expect(code(tgz({ entries }))).toBe('nothing thrown');
        rmSync(out(), { recursive: true });
        return faults.calls.openSync!;
      };
      expect(many(20) - many(10)).toBe(10);
    });
  },
);

describe('folders held by path', () => {
  it('a new file that is swapped for another stops it', () => {
    // Folders are not opened, so that this is package.json.
    faults.after.openSync = at(1, () => {
      const file = join(temporary(), 'package/package.json');
      renameSync(file, join(folder, 'aside'));
      writeFileSync(file, 'theirs');
    });
    const run = (): unknown => unpack(tgz(), out(), { checking: 'path' });
    expect(run).toThrow(expect.objectContaining({ code: 'TAMPERED' }));
    expect(readdirSync(parent)).toEqual([]);
    expect(lstatSync(join(folder, 'aside')).size).toBe(0);
  });
});

describe.runIf(process.platform === 'linux')('what Linux can do', () => {
  it.each(['openSync', 'statSync'] as const)('is to look at paths where %s fails', (name) => {
    faults.before[name] = fail(1, 'ENOENT');
    expect(bestChecking()).toBe('path');
    noFaults();
    expect(bestChecking()).toBe('descriptor');
  });

  it('may be to call a link another error', () => {
    faults.before.openSync = fail(1, 'ELOOP');
    expect(Folder.at(parent, 'descriptor')).toBeUndefined();
  });
});
