/** A cache in which what is confined writes as well. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Command } from '@tarwarden/guard/run';
import { describe, expect, it } from 'vitest';
import { confinedCache, makeRunFolders } from '../../../packages/bun-wrapper/src/folders.ts';
import { RunCache, SharedFolder } from '../../../packages/bun-wrapper/src/run-cache.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

const MANIFEST = '0123456789abcdef.npm';

describe.skipIf(process.platform !== 'linux')('a folder that is shared', () => {
  let root: string;
  const at = (...path: string[]): string => join(root, ...path);
  freshFolder((fresh) => {
    root = fresh;
    mkdirSync(at('home'));
    mkdirSync(at('manifests'));
    writeFileSync(at('manifests', MANIFEST), 'x');
  });

  it('gets links, with and without a scope', () => {
    const folder = new SharedFolder(at('cache'));
    folder.link('a@1', '/t');
    folder.link('@s/a@1', '/t');
    folder.link('@s/b@1', '/t');
    folder.close();
    for (const name of ['a@1', '@s/a@1', '@s/b@1'])
      expect(readlinkSync(at('cache', name))).toBe('/t');
  });

  it('is not made where something is', () => {
    symlinkSync(at('home'), at('cache'));
    expect(() => new SharedFolder(at('cache'))).toThrow('EEXIST');
  });

  it('is the one that was made, where another takes its name', () => {
    const folder = new SharedFolder(at('cache'));
    renameSync(at('cache'), at('moved'));
    symlinkSync(at('home'), at('cache'));
    folder.link('a@1', '/t');
    folder.link('@s/a@1', '/t');
    folder.close();
    expect(readdirSync(at('home'))).toEqual([]);
    expect(readdirSync(at('moved')).toSorted()).toEqual(['@s', 'a@1']);
  });

  it('gets nothing through a link in the place of a scope', () => {
    const cache = new RunCache(at('cache'), at('manifests'), { shared: true });
    symlinkSync(at('home'), at('cache/@s'));
    symlinkSync(at('home/evil'), at('cache/a@1'));
    expect([cache.place('@s/a@1', '/t'), cache.place('a@1', '/t')]).toEqual([false, false]);
    expect(cache.place('b@1', '/t')).toBe(true);
    expect(readdirSync(at('home'))).toEqual([]);
    cache.close();
  });

  it('gets copies of what registries said, gives nothing back, and is left to others to remove', () => {
    const cache = new RunCache(at('cache'), at('manifests'), { shared: true });
    expect(statSync(at('cache', MANIFEST)).nlink).toBe(1);
    writeFileSync(at('cache', MANIFEST), 'changed');
    writeFileSync(at('cache/fedcba9876543210.npm'), 'new');
    cache.close();
    expect(readdirSync(at('manifests'))).toEqual([MANIFEST]);
    expect(existsSync(at('cache', MANIFEST))).toBe(true);
  });

  it('lies with the temporary files of what is confined, and trees do not', () => {
    const env = { HOME: at('home'), XDG_CACHE_HOME: at('caches') };
    const confined = {
      phase: 'fetch',
      temporary: at('tmp'),
      confine: (one: Command) => one,
    } as const;
    const folders = makeRunFolders(env, confined);
    expect(folders.cache).toBe(confinedCache(confined));
    expect(folders.trees).toBe(at('caches/tarwarden/bun/trees'));
    expect(existsSync(folders.cache)).toBe(false);
    mkdirSync(folders.cache, { recursive: true });
    folders.remove();
    expect(existsSync(folders.cache)).toBe(true);
  });
});
