/** A folder that is held: what is done in it by name is done in this very one. */
import { lstatSync, mkdirSync, renameSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  bestChecking,
  Folder,
  isSame,
  tampered,
} from '../../../../packages/host/src/unpack/unpack-folder.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { assertNothingHeld, canTellHeld, heldIn } from '../../../support/held.ts';
import { asProcess } from '../../../support/platform.ts';

let root: string;
freshFolder((fresh) => {
  root = fresh;
  mkdirSync(join(root, 'a/b'), { recursive: true });
  writeFileSync(join(root, 'a/file'), 'x');
  symlinkSync('b', join(root, 'a/link'));
});

it('two things are one where device and number are', () => {
  const one = { dev: 1n, ino: 2n };
  expect(isSame(one, { ...one })).toBe(true);
  expect(isSame(one, { ...one, dev: 2n })).toBe(false);
  expect(isSame(one, { ...one, ino: 1n })).toBe(false);
});

it.runIf(process.platform === 'linux' && canTellHeld)('Linux holds folders by descriptor', () => {
  expect(bestChecking()).toBe('descriptor');
  expect(heldIn('/').filter((path) => path === '/')).toEqual([]);
});

it.each(['darwin', 'win32', 'freebsd'])('%s holds folders by path', (platform) => {
  expect(asProcess({ platform }, bestChecking)).toBe('path');
});

it('who meets another process says so', () => {
  expect(tampered()).toMatchObject({
    code: 'TAMPERED',
    message: 'another process changed what was being written, so nothing was unpacked',
  });
});

describe.each(['descriptor', 'path'] as const)('a folder held by %s', (checking) => {
  let folder: Folder;
  beforeEach(() => {
    folder = Folder.at(join(root, 'a'), checking)!;
  });
  afterEach(() => {
    folder.close();
    assertNothingHeld(root);
  });

  it('is known by what it is', () => {
    const stat = lstatSync(join(root, 'a'), { bigint: true });
    expect(folder.identity).toEqual({ dev: stat.dev, ino: stat.ino });
    expect(folder.owner).toBe(Number(stat.uid));
    expect(folder.modified).toBe(Number(stat.mtimeMs));
    expect(folder.names().toSorted()).toEqual(['b', 'file', 'link']);
  });

  it('is no link and no file, and has to be there', () => {
    expect(Folder.at(join(root, 'a/link'), checking)).toBeUndefined();
    expect(Folder.at(join(root, 'a/file'), checking)).toBeUndefined();
    expect(folder.open('link')).toBeUndefined();
    expect(() => Folder.at(join(root, 'none'), checking)).toThrow('ENOENT');
    expect(() => folder.open('none')).toThrow('ENOENT');
  });

  it.each(['', '.', '..', 'b/c', '/', 'b\0'])('takes no %j for a name', (name) => {
    expect(() => folder.at(name)).toThrow(new RangeError('not the name of one thing in a folder'));
  });

  it.runIf(process.platform !== 'win32').each(['...', 'b\\c', 'C:b', '-'])(
    'takes %j for one',
    (name) => expect(folder.look(name)).toBeUndefined(),
  );

  it.each(['b\\c', 'C:b', 'b:stream'])('takes no %j for a name on Windows', (name) => {
    asProcess({ platform: 'win32' }, () => {
      expect(() => folder.at(name)).toThrow(
        new RangeError('not the name of one thing in a folder'),
      );
      expect(folder.look('none')).toBeUndefined();
    });
  });

  it('leads to those in it and above it', () => {
    const inner = folder.open('b');
    expect(inner?.identity.ino).toBe(lstatSync(join(root, 'a/b'), { bigint: true }).ino);
    const back = inner?.parent();
    expect(back?.identity).toEqual(folder.identity);
    back?.close();
    inner?.close();
  });

  it('looks at what stands there, no link followed', () => {
    expect(folder.look('link')?.isSymbolicLink()).toBe(true);
    expect(folder.look('file')?.isFile()).toBe(true);
    expect(folder.look('none')).toBeUndefined();
  });

  it('makes a new one in it, which must not be there', () => {
    const made = folder.make('new', 0o700);
    expect(lstatSync(join(root, 'a/new')).mode & 0o777).toBe(0o700);
    made.close();
    expect(() => folder.make('new', 0o700)).toThrow('EEXIST');
    expect(() => folder.make('link', 0o700)).toThrow('EEXIST');
  });
});

describe('a folder held by path', () => {
  const tampered = expect.objectContaining({ code: 'TAMPERED' });
  const hold = (): Folder => Folder.at(join(root, 'a'), 'path')!;

  it.each<[string, () => void]>([
    ['gone', () => undefined],
    ['another folder', () => mkdirSync(join(root, 'a'))],
    ['a file', () => writeFileSync(join(root, 'a'), '')],
    ['a link to the very folder', () => symlinkSync('aside', join(root, 'a'))],
  ])('is not used where it is %s', (_title, put) => {
    const folder = hold();
    renameSync(join(root, 'a'), join(root, 'aside'));
    put();
    expect(() => folder.names()).toThrow(tampered);
    expect(() => folder.at('b')).toThrow(tampered);
    expect(() => folder.parent()).toThrow(tampered);
  });

  it('confirms what was just made in it', () => {
    const folder = hold();
    const made = folder.make('new', 0o755);
    expect(() => folder.confirm('new', made.identity)).not.toThrow();
    expect(() => folder.confirm('b', made.identity)).toThrow(tampered);
    rmdirSync(join(root, 'a/new'));
    expect(() => folder.confirm('new', made.identity)).toThrow(tampered);
  });
});

it.runIf(canTellHeld)('a folder held by descriptor stays the one that was opened', () => {
  const folder = Folder.at(join(root, 'a'), 'descriptor')!;
  renameSync(join(root, 'a'), join(root, 'aside'));
  mkdirSync(join(root, 'a'));
  expect(folder.names().toSorted()).toEqual(['b', 'file', 'link']);
  // The kernel vouches for it: nothing is compared.
  expect(() => folder.confirm('b', { dev: 0n, ino: 0n })).not.toThrow();
  expect(heldIn(root)).toEqual([join(root, 'aside')]);
  folder.close();
});
