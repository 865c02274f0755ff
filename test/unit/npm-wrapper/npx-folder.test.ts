import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { npxFolder } from '../../../packages/npm-wrapper/src/npx-folder.ts';

let cache: string;
let env: NodeJS.ProcessEnv;
const at = (...path: string[]): string => join(cache, 'tarwarden', 'npx', ...path);

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'tarwarden-cache-'));
  env = { XDG_CACHE_HOME: cache };
});
afterEach(() => {
  rmSync(cache, { recursive: true });
});

describe('the folder of guarded npx', () => {
  test('is one for each context, and the same again', () => {
    const folder = npxFolder('one', env);
    expect(folder).toBe(at('one'));
    expect(npxFolder('two', env)).not.toBe(folder);
    expect(npxFolder('one', env)).toBe(folder);
  });

  test('is a temporary one where another may write, or a link leads', () => {
    mkdirSync(at(), { recursive: true });
    chmodSync(at(), 0o777);
    const folder = npxFolder('one', env);
    expect(dirname(folder)).toBe(tmpdir());
    chmodSync(at(), 0o700);
    symlinkSync(cache, at('two'));
    const other = npxFolder('two', env);
    expect(dirname(other)).toBe(tmpdir());
    for (const made of [folder, other]) rmSync(made, { recursive: true });
  });

  test('takes away what nobody asked for in a month', () => {
    const [old, recent] = ['old', 'recent'].map((name) => npxFolder(name, env));
    const then = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
    utimesSync(old ?? '', then, then);
    npxFolder('new', env);
    expect(existsSync(old ?? '')).toBe(false);
    expect(existsSync(recent ?? '')).toBe(true);
  });
});
