/** The guard replaces in npm what it checks an npm for. `hooks-of-npm.slow.test.ts` looks into each npm that is supported. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { isHooked, type Hooked } from '../../../packages/npm-wrapper/src/npm-copies.ts';
import { HOOKS, NpmHooks } from '../../../packages/npm-wrapper/src/hooks.ts';
import { NpmGuard } from '../../../packages/npm-wrapper/src/npm-guard.ts';

vi.mock('../../../packages/npm-wrapper/src/refuse.ts', () => ({
  refuse(reason: string): never {
    throw new Error(`refused to run: ${reason}`);
  },
}));

class Method {
  write(): boolean {
    return true;
  }
  end(): void {}
}

let guard: NpmGuard;
let hooks: NpmHooks;
beforeEach(() => {
  guard = new NpmGuard({}, () => undefined);
  hooks = new NpmHooks(guard);
});

const NAMES = Object.keys(HOOKS) as Hooked[];
/** A file beside which nothing can be loaded. */
const NOWHERE = '/npm/index.js';

/** `tar` under guard. */
const tar = (): { Unpack: typeof Method } => ({ Unpack: class extends Method {} });

describe('a module of npm', () => {
  test('is given back guarded, once', () => {
    const one = tar();
    expect(hooks.loaded('tar', one, NOWHERE)).toBe(one);
    const { write } = one.Unpack.prototype;
    expect(write.name).toBe('guarded write');
    expect(hooks.loaded('tar', one, NOWHERE)).toBe(one);
    expect(one.Unpack.prototype.write).toBe(write);
  });

  test('that is a function is given back as another, the same each time', () => {
    const pack = async (): Promise<void> => undefined;
    const guarded = hooks.loaded('libnpmpack', pack, NOWHERE);
    expect(guarded).not.toBe(pack);
    expect(hooks.loaded('libnpmpack', pack, NOWHERE)).toBe(guarded);
    expect(hooks.loaded('libnpmpack', async () => undefined, NOWHERE)).not.toBe(guarded);
  });

  test.each(['tar', 'libnpmpack'] as const)('stops npm where it is not as known: %s', (name) => {
    for (const strange of [undefined, null, {}, { Unpack: {} }, { Unpack: { prototype: {} } }])
      expect(() => hooks.loaded(name, strange, NOWHERE)).toThrow(
        /^refused to run: (?:tar|libnpmpack) at \/npm\/index\.js is not supported: it has no method (?:write|exports)$/,
      );
  });

  test.each([
    ['pacote', 'tar'],
    ['@npmcli/arborist', 'pacote'],
  ] as const)('stops npm where %s comes without a guarded %s', (name, need) => {
    expect(() => hooks.loaded(name, {}, NOWHERE)).toThrow(
      `refused to run: npm's ${need} was not seen, which ${NOWHERE} uses`,
    );
  });

  test('stops npm where a method of a module that was reached is missing', () => {
    hooks.loaded('tar', tar(), NOWHERE);
    expect(() => hooks.loaded('pacote', {}, NOWHERE)).toThrow(
      `refused to run: pacote at ${NOWHERE} is not supported: it has no method tarballStream`,
    );
  });

  test('does not hide what else fails', () => {
    const exports = Object.defineProperty({}, 'Unpack', {
      get: () => {
        throw new TypeError('no bytes');
      },
    });
    expect(() => hooks.loaded('tar', exports, NOWHERE)).toThrow(new TypeError('no bytes'));
  });
});

test('nothing else is asked for', () => {
  expect(NAMES.every(isHooked)).toBe(true);
  expect(['npm', 'toString', '__proto__'].some(isHooked)).toBe(false);
});
