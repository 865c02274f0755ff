import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpack, UnpackError } from '@tarwarden/guard';
import { tgz } from '../../../support/pkg.ts';
import { tree } from '../../../support/tree.ts';

const bytes = tgz();
/** The folder for temporary files may be one that only this user may enter. */
const temporary = process.getuid?.() === 0 ? '/tmp' : tmpdir();

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(temporary, 'tarwarden-unpack-test-')));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs as somebody without rights where the tests run as root, to whom every folder is open. */
function unprivileged<Result>(act: () => Result): Result {
  if (process.geteuid?.() !== 0) return act();
  process.seteuid?.(65_534);
  try {
    return act();
  } finally {
    process.seteuid?.(0);
  }
}

// Stryker runs tests in threads, which can change neither the folder nor the user of their process.
describe('destination', () => {
  const run = (destination: string): ReturnType<typeof unpack> => unpack(bytes, destination);

  /** Fails with this code, and leaves everything as it was. */
  function code(destination: string): string {
    const before = tree(folder);
    let found = 'none';
    try {
      run(destination);
    } catch (error) {
      if (!(error instanceof UnpackError)) throw error;
      found = error.code;
      expect(error.message).not.toMatch(/\n/);
    }
    expect(tree(folder)).toEqual(before);
    return found;
  }

  it('is not a file, a link, or a folder with something in it', () => {
    writeFileSync(join(folder, 'file'), 'x');
    mkdirSync(join(folder, 'full/inner'), { recursive: true });
    mkdirSync(join(folder, 'empty'));
    symlinkSync('empty', join(folder, 'link'));
    symlinkSync('nowhere', join(folder, 'dangling'));
    for (const name of ['file', 'full', 'link', 'dangling'])
      expect([name, code(join(folder, name))]).toEqual([name, 'DESTINATION_EXISTS']);
    expect(readlinkSync(join(folder, 'link'))).toBe('empty');
  });

  it.each(['', '.', '..', '/', './', 'a/..', 'a\0b'])('is not %j', (name) => {
    expect(code(name)).toBe('DESTINATION_INVALID');
  });

  it('lies in a folder that is there', () => {
    writeFileSync(join(folder, 'file'), 'x');
    expect(code(join(folder, 'missing/out'))).toBe('PARENT_MISSING');
    expect(code(join(folder, 'file/out'))).toBe('PARENT_MISSING');
    expect(code(`${folder}/missing/../out`)).toBe('PARENT_MISSING');
  });

  it('is not reached through a link', () => {
    mkdirSync(join(folder, 'real/inner'), { recursive: true });
    symlinkSync('real', join(folder, 'link'));
    symlinkSync('nowhere', join(folder, 'dangling'));
    for (const way of ['link/out', 'link/inner/out', 'dangling/out', 'link/../out'])
      expect([way, code(`${folder}/${way}`)]).toEqual([way, 'LINK_IN_PATH']);
  });

  it('may climb and be written with superfluous slashes', () => {
    mkdirSync(join(folder, 'a/b'), { recursive: true });
    expect(run(`${folder}//a/./b/../../out/`).status).toBe('unpacked');
    expect(tree(join(folder, 'out'))).toHaveLength(2);
  });

  it.skipIf(!isMainThread)('may be relative', () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      mkdirSync('a');
      expect(run('a/out').status).toBe('unpacked');
      expect(run(`../${basename(folder)}/here`).status).toBe('unpacked');
    } finally {
      process.chdir(before);
    }
    expect(tree(folder)).toEqual(expect.arrayContaining(['dir a/out', 'dir here']));
  });

  it.skipIf(!isMainThread)('lies in a folder that we may write in', () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o555);
    chmodSync(folder, 0o755);
    expect(unprivileged(() => code(join(closed, 'out')))).toBe('NOT_PERMITTED');
  });

  it.skipIf(!isMainThread)('lies in folders that we may pass through, if not read', () => {
    const open = join(folder, 'passage/open');
    mkdirSync(open, { recursive: true });
    chmodSync(open, 0o777);
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'passage'), 0o711);
    expect(unprivileged(() => run(join(open, 'out'))).status).toBe('unpacked');
  });
});

describe('what a killed run left', () => {
  const HEX = '0123456789abcdef'.repeat(2);
  const TWO_HOURS_AGO = new Date(Date.now() - 2 * 60 * 60 * 1000);

  function leave(name: string, when: Date): string {
    const path = join(folder, name);
    mkdirSync(join(path, 'package/lib'), { recursive: true });
    writeFileSync(join(path, 'package/lib/a.js'), 'x');
    symlinkSync(join(folder, 'sentinel'), join(path, 'package/link'));
    utimesSync(path, when, when);
    return path;
  }

  const isThere = (path: string): boolean =>
    lstatSync(path, { throwIfNoEntry: false }) !== undefined;

  beforeEach(() => {
    mkdirSync(join(folder, 'sentinel'));
    writeFileSync(join(folder, 'sentinel/keep.txt'), 'x');
  });
  afterEach(() => {
    if (tree(join(folder, 'sentinel')).length !== 1) throw new Error('a link was followed');
  });

  it('is removed an hour later, and no link in it followed', () => {
    const old = leave(`.tarwarden-unpack-${HEX}`, TWO_HOURS_AGO);
    unpack(bytes, join(folder, 'out'));
    expect(isThere(old)).toBe(false);
  });

  it.each([
    ['young', `.tarwarden-unpack-${HEX}`, new Date()],
    ['of a shorter name', `.tarwarden-unpack-${HEX.slice(1)}`, TWO_HOURS_AGO],
    ['of another name', `.tarwarden-unpack-${HEX}-mine`, TWO_HOURS_AGO],
  ])('stays where it is %s', (_why, name, when) => {
    const path = leave(name, when);
    unpack(bytes, join(folder, 'out'));
    expect(isThere(join(path, 'package/lib/a.js'))).toBe(true);
  });

  it('stays where it is a link', () => {
    const path = join(folder, `.tarwarden-unpack-${HEX}`);
    symlinkSync('sentinel', path);
    unpack(bytes, join(folder, 'out'));
    expect(readlinkSync(path)).toBe('sentinel');
  });
});
