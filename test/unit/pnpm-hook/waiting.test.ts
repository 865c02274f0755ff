import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
  type MockInstance,
} from 'vitest';
import { makeTemporaryFolder } from '../../../packages/guard/src/run/temporary-folder.ts';
import { WaitingTarballs } from '../../../packages/pnpm-hook/src/handoff/private-files.ts';

vi.mock('../../../packages/guard/src/run/temporary-folder.ts', { spy: true });

let cache: string;
let waiting: WaitingTarballs;
beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), 'tarwarden-cache-'));
});
let once: MockInstance<typeof process.once>;
beforeEach(() => {
  once = vi.spyOn(process, 'once').mockReturnValue(process);
  waiting = new WaitingTarballs();
  vi.stubEnv('XDG_CACHE_HOME', cache);
});
afterEach(() => once.mockRestore());
afterAll(() => rmSync(cache, { recursive: true, force: true }));

describe('a tarball that waits', () => {
  it('lays the bytes in a file of its own that only this user can read', () => {
    const [one, two] = [waiting.keep(Buffer.from('one')), waiting.keep(Buffer.from('two'))];
    const [first, second] = [one.file(), two.file()];
    expect(first).not.toBe(second);
    expect(one.file()).toBe(first);
    expect([first, second].map((path) => readFileSync(path, 'utf8'))).toEqual(['one', 'two']);
    if (process.platform !== 'win32') {
      expect(statSync(first).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(first)).mode & 0o777).toBe(0o700);
    }
    one.discard();
    expect(readFileSync(second, 'utf8')).toBe('two');
    two.discard();
    expect([first, second].map((path) => existsSync(path))).toEqual([false, false]);
    expect(existsSync(dirname(first))).toBe(false);
  });

  it('writes a file that was read anew, with these bytes alone and under a name of its own', () => {
    const held = waiting.keep(Buffer.from('held'));
    const folder = dirname(held.file());
    const paths = new Set([held.file()]);
    for (const text of ['the longest of them all', '', 'short', 'longer again']) {
      const next = waiting.keep(Buffer.from(text));
      const path = next.file();
      paths.add(path);
      expect(readFileSync(path, 'utf8')).toBe(text);
      if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(readFileSync(held.file(), 'utf8')).toBe('held');
      next.discard();
      expect(readdirSync(folder)).toHaveLength(2);
    }
    expect(paths.size).toBe(5);
    held.discard();
    expect(existsSync(folder)).toBe(false);
  });

  it('keeps no more of such files than pnpm unpacks at once', () => {
    const all = Array.from({ length: 80 }, (_, at) => waiting.keep(Buffer.from(String(at))));
    const folder = dirname(all[0]!.file());
    for (const one of all) one.file();
    expect(readdirSync(folder)).toHaveLength(80);
    for (const one of all.slice(1)) one.discard();
    expect(readdirSync(folder)).toHaveLength(65);
    all[0]!.discard();
    expect(readdirSync(join(cache, 'tarwarden/run'))).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('does not write through a link in its place', () => {
    const held = waiting.keep(Buffer.from('held'));
    held.file();
    const read = waiting.keep(Buffer.from('read'));
    const path = read.file();
    read.discard();
    const sentinel = join(cache, 'sentinel');
    writeFileSync(sentinel, 'untouched');
    rmSync(path);
    symlinkSync(sentinel, path);
    expect(() => waiting.keep(Buffer.from('next')).file()).toThrow(/ELOOP/);
    expect(readFileSync(sentinel, 'utf8')).toBe('untouched');
    held.discard();
    expect(readFileSync(sentinel, 'utf8')).toBe('untouched');
    expect(readdirSync(join(cache, 'tarwarden/run'))).toEqual([]);
  });

  it('makes the folder anew, and leaves nothing', () => {
    const again = waiting.keep(Buffer.from('again'));
    expect(existsSync(again.file())).toBe(true);
    again.discard();
    expect(readdirSync(join(cache, 'tarwarden/run'))).toEqual([]);
  });

  it('keeps large bytes out of memory', () => {
    const large = waiting.keep(Buffer.alloc(65 * 1024 * 1024));
    expect(readdirSync(join(cache, 'tarwarden/run'))).toHaveLength(1);
    large.discard();
    expect(readdirSync(join(cache, 'tarwarden/run'))).toEqual([]);
  });

  it('goes elsewhere where the cache takes nothing, and leaves nothing there', async () => {
    const places = mkdtempSync(join(tmpdir(), 'tarwarden-places-'));
    const file = join(places, 'file');
    writeFileSync(file, '');
    // Nothing can be made below a file.
    vi.stubEnv('XDG_CACHE_HOME', file);
    vi.stubEnv('TMPDIR', places);
    const [one, two] = [waiting.keep(Buffer.from('one')), waiting.keep(Buffer.from('two'))];
    const paths = [one.file(), two.file()];
    expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(['one', 'two']);
    expect(dirname(paths[0]!).startsWith(join(places, 'tarwarden-pnpm-'))).toBe(true);
    for (const each of [one, two]) each.discard();
    expect(readdirSync(places)).toEqual(['file']);
    rmSync(places, { recursive: true });
  });

  it('is gone when the process ends, also where pnpm has not read it', () => {
    const files = ['one', 'two'].map((text) => waiting.keep(Buffer.from(text)).file());
    expect(once.mock.calls).toEqual([['exit', expect.any(Function)]]);
    const [[, leave]] = once.mock.calls as unknown as [[string, () => void]];
    leave();
    expect(files.map((file) => existsSync(file))).toEqual([false, false]);
    expect(readdirSync(join(cache, 'tarwarden/run'))).toEqual([]);
  });

  it('stays in memory where nothing can be written, until it has to be in a file', () => {
    // Nothing can be made below a file.
    const file = join(cache, 'file');
    writeFileSync(file, '');
    vi.stubEnv('XDG_CACHE_HOME', file);
    const elsewhere = vi.mocked(makeTemporaryFolder).mockImplementation(() => {
      throw new Error('there is no room');
    });
    const large = waiting.keep(Buffer.alloc(65 * 1024 * 1024));
    expect(waiting.inMemory).toBe(65 * 1024 * 1024);
    expect(() => large.file()).toThrow('there is no room');
    large.discard();
    expect(waiting.inMemory).toBe(0);
    elsewhere.mockRestore();
  });

  it('gives nothing out after it was given up', () => {
    const gone = waiting.keep(Buffer.from('gone'));
    gone.discard();
    expect(() => gone.file()).toThrow(TypeError);
  });
});
