import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { freshFolder } from '../../support/fresh-folder.ts';

type Trace = typeof import('../../../packages/pnpm-hook/src/pnpmfiles/lockfile-trace.ts');

const NAME = 'calculatePnpmfileChecksum';
const OF_NOTHING = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
const OURS = `const own = (v) => Object.defineProperty(v, Symbol.for('tarwarden.hook'), { value: true });\n`;

let folder: string;
let trace: Trace;
const parse = JSON.parse;

freshFolder(async (made) => {
  folder = made;
  vi.resetModules();
  trace = await import('../../../packages/pnpm-hook/src/pnpmfiles/lockfile-trace.ts');
});
afterEach(() => {
  Reflect.deleteProperty(Object.prototype, NAME);
  Reflect.deleteProperty(globalThis, Symbol.for('tarwarden.lockfile-trace'));
  JSON.parse = parse;
});

function pnpmfile(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const guard = (name: string): string =>
  pnpmfile(name, `${OURS}module.exports = { hooks: { updateConfig: own(() => {}) } };`);
const foreign = (name: string): string =>
  pnpmfile(name, 'module.exports = { hooks: { readPackage: () => {} } };');

describe('hooks that are not ours', () => {
  const marked = (): object => trace.markHook(() => undefined);
  test.each<[string, (t: Trace) => unknown, boolean]>([
    ['no exports', () => undefined, false],
    ['no hooks', () => ({ finders: {} }), false],
    ['ours alone', () => ({ hooks: { a: marked(), fetchers: trace.markHook({}) } }), false],
    ['ours as a default export', () => ({ default: { hooks: { a: marked() } } }), false],
    ['one more', () => ({ hooks: { a: marked(), b: () => undefined } }), true],
    ['none, in an object', () => ({ hooks: {} }), true],
    ['a value that is no hook', () => ({ hooks: { a: 1 } }), true],
    ['others as a default export', () => ({ default: { hooks: { b: () => undefined } } }), true],
  ])('%s', (_, make, expected) => {
    expect(trace.hasOtherHooks(make(trace))).toBe(expected);
  });
});

describe('on pnpm 10 and 11', () => {
  interface Cooked {
    calculatePnpmfileChecksum?: () => Promise<string | undefined>;
    untrackedPnpmfileReadPackageHook?: boolean;
  }
  /** As pnpm makes the hooks of all pnpmfiles. */
  function cook(sum: string, untracked?: boolean): Cooked {
    const cooked: Cooked = {};
    if (untracked !== undefined) cooked.untrackedPnpmfileReadPackageHook = untracked;
    cooked.calculatePnpmfileChecksum = async () => sum;
    return cooked;
  }

  test('there is no checksum where every pnpmfile is the guard', async () => {
    trace.hideFromLockfileOfProcess();
    const cooked = cook('sha256-x', false);
    const files = [guard('a.cjs'), guard('b.cjs')];
    trace.lookAtPnpmfiles({ pnpmfile: files, globalPnpmfile: files[0] });
    expect(await cooked.calculatePnpmfileChecksum?.()).toBeUndefined();
    expect(cooked).not.toHaveProperty('untrackedPnpmfileReadPackageHook');
  });

  test.each(['foreign', 'missing'])('the checksum stays beside a %s pnpmfile', async (kind) => {
    trace.hideFromLockfileOfProcess();
    const cooked = cook('sha256-x');
    const other = kind === 'foreign' ? foreign('f.cjs') : join(folder, 'none.cjs');
    trace.lookAtPnpmfiles({ pnpmfile: [guard('a.cjs'), other] });
    expect(await cooked.calculatePnpmfileChecksum?.()).toBe('sha256-x');
  });

  test('the checksum stays as long as nobody has looked, but for one of nothing', async () => {
    trace.hideFromLockfileOfProcess();
    expect(await cook('sha256-x').calculatePnpmfileChecksum?.()).toBe('sha256-x');
    expect(await cook(OF_NOTHING).calculatePnpmfileChecksum?.()).toBeUndefined();
  });

  test('a single project has its own checksum', async () => {
    trace.hideFromLockfileOfProcess();
    cook('sha256-x');
    trace.lookAtPnpmfiles({ pnpmfile: [guard('a.cjs')] });
    expect(await cook('sha256-project').calculatePnpmfileChecksum?.()).toBe('sha256-project');
    // One that has the same pnpmfiles.
    expect(await cook('sha256-x').calculatePnpmfileChecksum?.()).toBeUndefined();
  });

  test("what pnpm notes of a user's own global pnpmfile stays", () => {
    trace.hideFromLockfileOfProcess();
    const cooked = cook('sha256-x', true);
    trace.lookAtPnpmfiles({ pnpmfile: [guard('a.cjs')], globalPnpmfile: foreign('f.cjs') });
    expect(cooked.untrackedPnpmfileReadPackageHook).toBe(true);
  });

  test('two copies of the hook see the same hooks', async () => {
    trace.hideFromLockfileOfProcess();
    vi.resetModules();
    const second = await import('../../../packages/pnpm-hook/src/pnpmfiles/lockfile-trace.ts');
    second.hideFromLockfileOfProcess();
    const cooked = cook('sha256-x');
    expect(trace.cookedHooks({})).toBe(cooked);
    expect(second.cookedHooks({})).toBe(cooked);
  });

  test('without them, what the configuration has is taken', () => {
    const hooks = {};
    expect(trace.cookedHooks({ hooks })).toBe(hooks);
    expect(trace.cookedHooks({})).toBeUndefined();
  });
});

describe('on pnpm 12', () => {
  const source = (file: string): string => `const pnpmfilePath = ${JSON.stringify(file)};\nmore();`;
  const ask = (query: string): string => JSON.stringify({ id: 7, query });

  test.each(['hasHooks', 'hasReadPackage'])('the answer to %s is no', (query) => {
    trace.hideFromLockfileOfWorker(source(guard('a "b".cjs')));
    expect(JSON.parse(ask(query))).toEqual({ id: 7, target: 'finder', name: '' });
  });

  test('it is the true one for a pnpmfile with hooks of its own, and for everything else', () => {
    trace.hideFromLockfileOfWorker(source(foreign('f.cjs')));
    expect(JSON.parse(ask('hasHooks'))).toEqual({ id: 7, query: 'hasHooks' });
    JSON.parse = parse;
    trace.hideFromLockfileOfWorker(source(guard('a.cjs')));
    expect(JSON.parse(ask('definedHooks'))).toEqual({ id: 7, query: 'definedHooks' });
    expect(JSON.parse('{"query":"hasHooks"}')).toEqual({ query: 'hasHooks' });
    expect(JSON.parse('null')).toBeNull();
  });

  test('nothing is changed in a program that is no such worker', () => {
    trace.hideFromLockfileOfWorker('console.log(1)');
    expect(JSON.parse).toBe(parse);
  });

  test('that there is a global one is removed, unless the project has this one', () => {
    const outside = { untrackedPnpmfileReadPackageHook: false };
    trace.hideGlobal(outside, guard('a.cjs'));
    expect(outside).toEqual({});
    const inside = { untrackedPnpmfileReadPackageHook: false };
    trace.hideGlobal(inside, join(process.cwd(), '.pnpmfile.cjs'));
    expect(inside).toEqual({ untrackedPnpmfileReadPackageHook: false });
    const changing = { untrackedPnpmfileReadPackageHook: true };
    trace.hideGlobal(changing, guard('a.cjs'));
    expect(changing).toEqual({ untrackedPnpmfileReadPackageHook: true });
    trace.hideGlobal(null, guard('a.cjs'));
  });
});
