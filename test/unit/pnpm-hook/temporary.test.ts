import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Waiting } from '../../../packages/pnpm-hook/src/temporary.ts';

let cache: string;
beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), 'tarwarden-cache-'));
});
beforeEach(() => {
  vi.stubEnv('XDG_CACHE_HOME', cache);
});
afterAll(() => rmSync(cache, { recursive: true, force: true }));

describe('Waiting', () => {
  it('lays the bytes in a file of its own that only this user can read', () => {
    const [one, two] = [new Waiting(Buffer.from('one')), new Waiting(Buffer.from('two'))];
    const [first, second] = [one.file(), two.file()];
    expect(first).not.toBe(second);
    expect(one.file()).toBe(first);
    expect([first, second].map((path) => readFileSync(path, 'utf8'))).toEqual(['one', 'two']);
    if (process.platform !== 'win32') {
      expect(statSync(first).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(first)).mode & 0o777).toBe(0o700);
    }
    one.discard();
    expect([first, second].map((path) => existsSync(path))).toEqual([false, true]);
    two.discard();
    expect(existsSync(dirname(first))).toBe(false);
  });

  it('makes the folder anew, and leaves nothing', () => {
    const again = new Waiting(Buffer.from('again'));
    expect(existsSync(again.file())).toBe(true);
    again.discard();
    expect(readdirSync(join(cache, 'tarwarden/run'))).toEqual([]);
  });

  it('keeps large bytes out of memory', () => {
    const large = new Waiting(Buffer.alloc(65 * 1024 * 1024));
    expect(readdirSync(join(cache, 'tarwarden/run'))).toHaveLength(1);
    large.discard();
    expect(readdirSync(join(cache, 'tarwarden/run'))).toEqual([]);
  });

  it('gives nothing out after it was given up', () => {
    const gone = new Waiting(Buffer.from('gone'));
    gone.discard();
    expect(() => gone.file()).toThrow(TypeError);
  });
});
