import { existsSync, mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { npxFolder } from '../../../packages/npm-wrapper/src/npx-folder.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let cache: string;
let env: NodeJS.ProcessEnv;
const at = (...path: string[]): string => join(cache, 'tarwarden', 'npx', ...path);

freshFolder((fresh) => {
  cache = fresh;
  env = { XDG_CACHE_HOME: cache };
});

describe('the folder of guarded npx', () => {
  test('is one for each context, and the same again', () => {
    const folder = npxFolder('one', env);
    expect(folder).toBe(at('one'));
    expect(npxFolder('two', env)).not.toBe(folder);
    expect(npxFolder('one', env)).toBe(folder);
  });

  test('is a temporary one where it cannot be made', () => {
    mkdirSync(dirname(at()));
    writeFileSync(at(), 'a file');
    const folder = npxFolder('one', env);
    expect(dirname(folder)).toBe(tmpdir());
    rmSync(folder, { recursive: true });
  });

  test('takes away what nobody asked for in a month, with what is in it', () => {
    const [old, recent] = ['old', 'recent'].map((name) => npxFolder(name, env));
    writeFileSync(join(old ?? '', 'file'), '');
    const ago = (days: number): Date => new Date(Date.now() - days * 24 * 60 * 60 * 1000);
    utimesSync(old ?? '', ago(31), ago(31));
    utimesSync(recent ?? '', ago(29), ago(29));
    npxFolder('new', env);
    expect(existsSync(old ?? '')).toBe(false);
    expect(existsSync(recent ?? '')).toBe(true);
  });

  test('counts from when it was last asked for', () => {
    const folder = npxFolder('one', env);
    utimesSync(folder, 0, 0);
    npxFolder('one', env);
    expect(Date.now() - statSync(folder).mtimeMs).toBeLessThan(60_000);
  });

  test('that is a temporary one goes with the process', () => {
    mkdirSync(dirname(at()));
    writeFileSync(at(), 'a file');
    const once = vi.spyOn(process, 'once').mockReturnValue(process);
    try {
      const folder = npxFolder('one', env);
      writeFileSync(join(folder, 'file'), '');
      const [[event, leave]] = once.mock.calls as unknown as [[string, () => void]];
      expect([event, basename(folder).startsWith('tarwarden-npx-')]).toEqual(['exit', true]);
      leave();
      expect(existsSync(folder)).toBe(false);
      expect(leave).not.toThrow();
    } finally {
      once.mockRestore();
    }
  });
});
