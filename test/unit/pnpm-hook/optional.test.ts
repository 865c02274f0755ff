import { describe, expect, it } from 'vitest';
import { OptionalNames, mayRunHere } from '../../../packages/pnpm-hook/src/gates/gates.ts';
import type { Session } from '../../../packages/pnpm-hook/src/session.ts';
import type { PnpmSource } from '../../../packages/pnpm-hook/src/source.ts';

const session = (more: Partial<Session> = {}): Session => ({
  engine: { major: 12, version: '12.21.0' },
  settings: {},
  offline: false,
  architectures: undefined,
  everyPlatform: false,
  mirrors: {},
  ...more,
});
const elsewhere = process.platform === 'win32' ? 'linux' : 'win32';

describe('mayRunHere', () => {
  it.each<[object, boolean]>([
    [{}, true],
    [{ os: [process.platform] }, true],
    [{ os: ['any'] }, true],
    [{ os: [elsewhere] }, false],
    [{ os: [`!${process.platform}`] }, false],
    [{ os: [`!${elsewhere}`] }, true],
    [{ os: [process.platform], cpu: ['no-such-cpu'] }, false],
    // pnpm 10, 11 and 12 do not all leave these out.
    [{ os: [] }, true],
    [{ os: [elsewhere, 'any'] }, true],
    [{ os: [`!${process.platform}`, elsewhere] }, true],
    [{ os: [process.platform, `!${process.platform}`] }, true],
    [{ os: [elsewhere, 5] }, true],
    [{ os: elsewhere }, true],
  ])('%j: %s', (wants, answer) => {
    expect(mayRunHere(wants, session())).toBe(answer);
  });

  it.each<[string | null, readonly string[], boolean]>([
    ['glibc', ['glibc'], true],
    ['glibc', ['musl'], false],
    ['musl', ['musl'], true],
    ['musl', ['!musl'], false],
    // What cannot be told may be any, as on other systems, which have none.
    [null, ['musl'], true],
    [null, ['glibc'], true],
  ])('with %s, for %j: %s', (family, wanted, answer) => {
    expect(mayRunHere({ libc: wanted }, session(), () => family)).toBe(answer);
  });

  it('counts the platforms that pnpm is configured for', () => {
    const architectures = { os: ['current', elsewhere] };
    expect(mayRunHere({ os: [elsewhere] }, session({ architectures }))).toBe(true);
    expect(mayRunHere({ os: [elsewhere] }, session({ everyPlatform: true }))).toBe(true);
  });

  it.each<[readonly string[], unknown, boolean]>([
    [['!win32', 'darwin'], ['current', 'freebsd'], true],
    [['!win32'], ['current', 'win32'], false],
    [['!win32'], ['freebsd'], true],
    [['!win32'], [], true],
    [['win32'], [], true],
    [['win32'], 'freebsd', true],
    [['win32'], [5], true],
    [['win32'], ['freebsd'], false],
    [['win32'], ['win32', 'freebsd'], true],
    [['win32'], null, process.platform === 'win32'],
  ])('of %j, for the systems %j: %s', (os, supported, answer) => {
    const architectures = { os: supported };
    expect(mayRunHere({ os }, session({ architectures }))).toBe(answer);
  });
});

describe('mayRunHere, with platforms in another form than a list for each of os, cpu and libc', () => {
  it.each([[['darwin-arm64']], ['darwin'], [{ os: ['current'], machines: ['all'] }]])(
    '%j: pnpm may install it',
    (architectures) => {
      expect(mayRunHere({ os: [elsewhere] }, session({ architectures } as never))).toBe(true);
    },
  );
});

describe('OptionalNames', () => {
  const source: PnpmSource = { kind: 'download', id: 'a@1.0.0', url: 'https://host.example/a.tgz' };

  it('tells who is asked for by optional dependencies alone', () => {
    const names = new OptionalNames();
    names.see({
      optionalDependencies: { a: '1', alias: 'npm:@s/b@^1.0.0' },
      dependencies: { c: '1' },
    });
    expect(['a', '@s/b', 'c', 'alias'].map((name) => names.onlyOptional(name))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('gives back what was skipped once somebody needs it', () => {
    const names = new OptionalNames();
    names.see({ optionalDependencies: { a: '1' } });
    names.skip('a', source);
    expect(names.see({ dependencies: { b: '1' } })).toEqual([]);
    expect(names.see({ peerDependencies: { a: '1' } })).toEqual([source]);
    expect(names.see({ dependencies: { a: '1' } })).toEqual([]);
    expect(names.onlyOptional('a')).toBe(false);
  });

  it('takes a dependency that is also optional as optional, as pnpm does', () => {
    const names = new OptionalNames();
    names.see({ optionalDependencies: { a: '1' }, dependencies: { a: '1' } });
    expect(names.onlyOptional('a')).toBe(true);
  });
});
