import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { afterwards, type Ended } from '../../../packages/bun-wrapper/src/afterwards.ts';
import type { BunGuard } from '../../../packages/bun-wrapper/src/bun-guard.ts';
import { archiveFolder } from '../../../packages/bun-wrapper/src/cache-names.ts';
import { RunCache } from '../../../packages/bun-wrapper/src/run-cache.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

const SHA512 = '0123456789abcdef'.repeat(8);
const SRI = `sha512-${Buffer.from(SHA512, 'hex').toString('base64')}`;

let root: string;
let cache: RunCache;
freshFolder((made) => {
  root = made;
  mkdirSync(join(root, 'cache'));
  cache = new RunCache(join(root, 'cache'), join(root, 'manifests'));
});

/** bun ended with 0 after it had asked about x@1.0.0, whose inspected bytes bun.lock names. */
function ended(how: Partial<Ended> & { inspected?: string } = {}): { code: number; said: string } {
  const lock = { lockfileVersion: 1, workspaces: {}, packages: { x: ['x@1.0.0', '', {}, SRI] } };
  writeFileSync(join(root, 'bun.lock'), JSON.stringify(lock));
  const guard = {
    refusals: { all: [] },
    installations: [{ folder: root, locked: { text: 'before' } }],
    passed: new Map([['x@1.0.0', new Set([how.inspected ?? SHA512])]]),
    hasPassed: (folder: string) => folder === archiveFolder(SHA512),
  } as unknown as BunGuard;
  let said = '';
  const show = (text: string): void => void (said += text);
  return { code: afterwards(0, { guard, cache, demand: true, root, show, ...how }), said };
}

function unpackedByBun(name: string): void {
  mkdirSync(join(cache.folder, name), { recursive: true });
}

describe('afterwards', () => {
  it.each([
    'x@1.0.0@@@1',
    'x@1.0.0-0123456789abcdef@@@1',
    'x@1.0.0@@127.0.0.1__0123456789abcdef@@@1',
    'x@1.0.0@@@1_patch_hash=0123456789abcdef',
    '@scope/x@1.0.0@@@1',
    '@sc@pe/x@1.0.0@@@1',
    '@T@sha512-ffffffffffffffffffffffffffffffff@@@1',
  ])('does not take %s, that bun unpacked, for inspected', (name) => {
    unpackedByBun(name);
    const { code, said } = ended();
    expect(code).toBe(98);
    expect(said).toContain(name);
  });

  it('takes what the guard placed, what of it was patched, and inspected archives', () => {
    mkdirSync(join(root, 'tree'));
    expect(cache.place('x@1.0.0@@@1', join(root, 'tree'))).toBe(true);
    unpackedByBun('x@1.0.0@@@1_patch_hash=0123456789abcdef');
    unpackedByBun(archiveFolder(SHA512));
    mkdirSync(join(cache.folder, 'x'));
    symlinkSync(join(cache.folder, 'x@1.0.0@@@1'), join(cache.folder, 'x/1.0.0@@@1'));
    expect(ended()).toEqual({ code: 0, said: '' });
  });

  it.each([
    [undefined, 'before'],
    ['fetch', 'before'],
    ['whole', JSON.parse],
  ] as const)('puts bun.lock back in a run that is confined as %s', (phase, then) => {
    const { code, said } = ended({ phase, inspected: 'f'.repeat(128) });
    expect(code).toBe(1);
    expect(said).toContain('other bytes');
    const now = readFileSync(join(root, 'bun.lock'), 'utf8');
    if (typeof then === 'string') expect(now).toBe(then);
    else expect(then(now)).toHaveProperty('packages');
  });

  it('puts back nothing in another folder than the project, where bun is confined', () => {
    const { code } = ended({ phase: 'fetch', root: join(root, 'x'), inspected: 'f'.repeat(128) });
    expect(code).toBe(1);
    expect(readFileSync(join(root, 'bun.lock'), 'utf8')).toContain('packages');
  });

  it('takes what report mode has let pass', () => {
    unpackedByBun('x@1.0.0@@@1');
    cache.excuse('x@1.0.0@@@1');
    expect(ended().code).toBe(0);
  });
});

describe('RunCache', () => {
  it('says what it cannot have bun find', () => {
    expect(cache.place('fo!o@1.0.0@@@1', root)).toBe(false);
    expect(cache.place('../x@1.0.0@@@1', root)).toBe(false);
    unpackedByBun('x@1.0.0@@@1');
    expect(cache.place('x@1.0.0@@@1', root)).toBe(false);
    const replacing = new RunCache(cache.folder, join(root, 'manifests'), { replaces: true });
    expect(replacing.place('x@1.0.0@@@1', root)).toBe(true);
    expect(cache.place('x@1.0.0@@[::1]__0123456789abcdef@@@1', root)).toBe(true);
  });

  it('has bun find nothing of a package for another platform', () => {
    expect(cache.standIn(['fo!o@1.0.0@@@1'], 'fo!o')).toBe(false);
    expect(cache.standIn(['x@1.0.0@@@1', '@s/x@1.0.0@@@1'], 'x')).toBe(true);
    const [manifest, scoped] = ['x@1.0.0@@@1', '@s/x@1.0.0@@@1'].map((name) =>
      join(cache.folder, name, 'package.json'),
    );
    expect(cache.usedStandIns([root])).toEqual([]);
    expect(ended().code).toBe(0);
    linkSync(manifest!, join(root, 'linked'));
    expect(ended()).toMatchObject({ code: 1, said: expect.stringContaining('(x)') });
    rmSync(join(root, 'linked'));
    mkdirSync(join(root, 'node_modules/x'), { recursive: true });
    copyFileSync(scoped!, join(root, 'node_modules/x/package.json'));
    expect(ended().code).toBe(1);
    writeFileSync(join(root, 'node_modules/x/package.json'), '{}');
    expect(ended().code).toBe(0);
  });

  it('takes what is there for what it stands in for', () => {
    unpackedByBun('x@1.0.0@@@1');
    expect(cache.standIn(['x@1.0.0@@@1'], 'x')).toBe(false);
    mkdirSync(join(root, 'tree'));
    expect(cache.standIn(['y@1.0.0@@@1'], 'y')).toBe(true);
    expect(cache.place('y@1.0.0@@@1', join(root, 'tree'))).toBe(true);
    expect(cache.standIn(['y@1.0.0@@@1'], 'y')).toBe(true);
    expect(readdirSync(join(cache.folder, 'y@1.0.0@@@1'))).toEqual([]);
    expect(cache.usedStandIns([root])).toEqual([]);
  });

  it('sees what bun has put in the place of a package', () => {
    mkdirSync(join(root, 'tree'));
    expect(cache.place('x@1.0.0@@@1', join(root, 'tree'))).toBe(true);
    expect(cache.standIn(['y@1.0.0@@@1'], 'y')).toBe(true);
    expect(cache.unpacked()).toEqual([]);
    for (const name of ['x@1.0.0@@@1', 'y@1.0.0@@@1']) {
      mkdirSync(join(root, 'new', name), { recursive: true });
      rmSync(join(cache.folder, name), { recursive: true });
      renameSync(join(root, 'new', name), join(cache.folder, name));
    }
    expect(cache.unpacked().toSorted()).toEqual(['x@1.0.0@@@1', 'y@1.0.0@@@1']);
  });
});
