/** Files that a download which broke off leaves in npm's cache. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { interceptAll } from '../../../packages/guarded-run/src/intercept.ts';
import { CacheFiles } from '../../../packages/npm-wrapper/src/cache-leftovers.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let cache: string;
let files: CacheFiles;
freshFolder((made) => {
  files = new CacheFiles();
  cache = made;
  mkdirSync(join(cache, 'tmp'));
});

interface Options {
  readonly tmpPrefix?: string;
  readonly size?: number;
}

/** As cacache names them. */
function cacacheOf() {
  const seen: Options[] = [];
  const stream = (folder: string, _key: string, options: Options = {}): string => {
    seen.push(options);
    writeFileSync(join(folder, 'tmp', `${options.tmpPrefix}-${seen.length}`), '');
    return 'a stream';
  };
  return { seen, put: { stream } };
}

test('are removed at the end, those of other processes not', () => {
  const cacache = cacacheOf();
  interceptAll(files.interceptions(cacache));
  interceptAll(files.interceptions(cacache));
  expect(cacache.put.stream(cache, 'key', { size: 3 })).toBe('a stream');
  expect(cacache.put.stream(cache, 'key')).toBe('a stream');
  expect(cacache.seen).toMatchObject([{ size: 3 }, {}]);
  writeFileSync(join(cache, 'tmp', 'tarwarden-1-other'), '');
  expect(readdirSync(join(cache, 'tmp'))).toHaveLength(3);
  files.clear();
  expect(readdirSync(join(cache, 'tmp'))).toEqual(['tarwarden-1-other']);
});

test('are removed by one listener, however many downloads broke off', () => {
  const on = vi.spyOn(process, 'on').mockReturnValue(process);
  const clear = vi.spyOn(files, 'clear');
  files.clearAtExit();
  files.clearAtExit();
  expect(on.mock.calls.map(([event]) => event as string)).toEqual(['exit']);
  const [[, atExit]] = on.mock.calls as unknown as [[string, () => void]];
  atExit();
  expect(clear).toHaveBeenCalledOnce();
});

test('are left where they cannot be listed', () => {
  const cacache = cacacheOf();
  interceptAll(files.interceptions(cacache));
  cacache.put.stream(cache, 'key');
  rmSync(join(cache, 'tmp'), { recursive: true });
  expect(() => files.clear()).not.toThrow();
});

test.each([undefined, {}, { put: {} }])('nothing is named in %j', (cacache) => {
  expect(() => interceptAll(files.interceptions(cacache))).not.toThrow();
});
