/** What pnpm asks of packages that are no tarballs. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Resolution } from '../../../packages/pnpm-hook/src/pnpm-shapes.ts';

const fail = vi.hoisted(() => vi.fn());
const mirrors = { release: 'https://mirror.example/node/' };
vi.mock('../../../packages/pnpm-hook/src/failure.ts', () => ({ fail }));
vi.mock('../../../packages/pnpm-hook/src/guard.ts', () => ({}));
vi.mock('../../../packages/pnpm-hook/src/session.ts', () => ({
  session: () => ({ settings: { registry: 'https://registry.example/', scopes: {} }, mirrors }),
}));
const { fetchJudged, hasToRefuse } = await import('../../../packages/pnpm-hook/src/handoff.ts');

const file = 'v22.0.0/node-v22.0.0-linux-x64.tar.gz';
const runtime = (host: string): Resolution => ({
  type: 'binary',
  url: `${host}${file}`,
  integrity: 'sha256-AAAA',
  bin: 'bin/node',
});

beforeEach(() => {
  fail.mockReset().mockImplementation((error: unknown) => error);
});

describe('hasToRefuse', () => {
  test.each<[string, string, Resolution]>([
    [
      'a runtime of its own host',
      'node@runtime:22.0.0',
      runtime('https://nodejs.org/download/release/'),
    ],
    ['one of the user\u2019s mirror', 'node@runtime:22.0.0', runtime(mirrors.release)],
    ['a folder, whoever names it', 'a@1.0.0', { type: 'directory' }],
  ])('leaves %s to pnpm', (_title, id, of) => {
    expect(hasToRefuse(id, of)).toBe(false);
    expect(fail).not.toHaveBeenCalled();
  });

  test.each<[string, string, Resolution]>([
    ['what only calls itself a runtime', 'node@runtime:22.0.0', runtime('https://host.example/')],
    [
      'a runtime under the name of a package',
      'a@1.0.0',
      runtime('https://nodejs.org/download/release/'),
    ],
    ['what it does not know', 'a@1.0.0', { type: 'something' }],
  ])('refuses %s, for good', (_title, id, of) => {
    expect(() => hasToRefuse(id, of)).toThrow(/which this release cannot judge/);
    expect(fail).toHaveBeenCalledTimes(1);
  });

  test('does not take a mistake of its own for a refusal', () => {
    const of = Object.defineProperty({}, 'type', {
      get() {
        throw new RangeError('a mistake');
      },
    }) as Resolution;
    expect(() => hasToRefuse('a@1.0.0', of)).toThrow(RangeError);
    expect(fail).not.toHaveBeenCalled();
  });
});

test('what is no tarball is not fetched', async () => {
  const pkg = { name: 'node', version: 'runtime:22.0.0' };
  const of = { pkg, pkgResolutionId: 'node@runtime:22.0.0' };
  const one = runtime('https://nodejs.org/download/release/');
  await expect(fetchJudged({}, one, of, {} as never)).rejects.toThrow(
    new TypeError('asked to fetch what is no tarball'),
  );
});
