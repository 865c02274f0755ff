/** What pnpm asks of packages that are no tarballs. */
import { beforeEach, describe, expect, test } from 'vitest';
import { Handoff } from '../../../packages/pnpm-hook/src/handoff/handoff.ts';
import type { Hook } from '../../../packages/pnpm-hook/src/hook.ts';
import type { PnpmResolution } from '../../../packages/pnpm-hook/src/pnpm-shapes.ts';
import { testHook } from '../../support/pnpm-hook.ts';

const mirrors = { release: 'https://mirror.example/node/' };
const settings = { registry: 'https://registry.example/', scopes: {} };

const file = 'v22.0.0/node-v22.0.0-linux-x64.tar.gz';
const runtime = (host: string): PnpmResolution => ({
  type: 'binary',
  url: `${host}${file}`,
  integrity: 'sha256-AAAA',
  bin: 'bin/node',
});

let hook: Hook;
let handoff: Handoff;
beforeEach(() => {
  hook = testHook({ session: () => ({ settings, mirrors }) });
  handoff = new Handoff(hook);
});

describe('hasToRefuse', () => {
  test.each<[string, string, PnpmResolution]>([
    [
      'a runtime of its own host',
      'node@runtime:22.0.0',
      runtime('https://nodejs.org/download/release/'),
    ],
    ['one of the user\u2019s mirror', 'node@runtime:22.0.0', runtime(mirrors.release)],
    ['a folder, whoever names it', 'a@1.0.0', { type: 'directory' }],
  ])('leaves %s to pnpm', (_title, id, of) => {
    expect(handoff.hasToRefuse(id, of)).toBe(false);
    expect(hook.refusals.all).toEqual([]);
  });

  test.each<[string, string, PnpmResolution]>([
    ['what only calls itself a runtime', 'node@runtime:22.0.0', runtime('https://host.example/')],
    [
      'a runtime under the name of a package',
      'a@1.0.0',
      runtime('https://nodejs.org/download/release/'),
    ],
    ['what it does not know', 'a@1.0.0', { type: 'something' }],
  ])('refuses %s, for good', (_title, id, of) => {
    expect(() => handoff.hasToRefuse(id, of)).toThrow(/which this release cannot inspect/);
    expect(hook.refusals.all).toHaveLength(1);
  });

  test('does not take a mistake of its own for a refusal', () => {
    const of = Object.defineProperty({}, 'type', {
      get() {
        throw new RangeError('a mistake');
      },
    }) as PnpmResolution;
    expect(() => handoff.hasToRefuse('a@1.0.0', of)).toThrow(RangeError);
    expect(hook.refusals.all).toEqual([]);
  });
});

test('what is not a tarball is not fetched', async () => {
  const pkg = { name: 'node', version: 'runtime:22.0.0' };
  const of = { pkg, pkgResolutionId: 'node@runtime:22.0.0' };
  const one = runtime('https://nodejs.org/download/release/');
  const act = handoff.fetchInspected({}, one, { options: of, fetchers: {} as never });
  await expect(act).rejects.toThrow(new TypeError('asked to fetch what is not a tarball'));
});
