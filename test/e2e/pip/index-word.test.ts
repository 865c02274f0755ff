// @module-tag pip
/** An index that says something else of a wheel than the wheel itself, by the metadata file beside it (PEP 658) or on its page. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startIndex } from '../../support/pip/index.ts';
import { sdistOf, wheelOf, type Dist } from '../../support/pip/packages.ts';
import { system, type Pip } from '../../support/pip/pips.ts';
import { INTO, type PipWorld } from '../../support/pip/world.ts';
import type { Result } from '../../support/execute.ts';
import { world } from './scene.ts';

const prey = wheelOf({
  name: 'prey',
  requires: ['helper>=1'],
  more: ['Requires-Python: >=3.8', 'Provides-Extra: fast'],
});
const others = ['helper', 'dropper'].map((name) => wheelOf({ name }));
const METADATA = prey.metadata!;

async function install(
  own: PipWorld,
  dist: Dist,
  options: { readonly only?: 'html' | 'json'; readonly bare?: true } = {},
): Promise<Result> {
  const { only, bare } = options;
  const index = await startIndex({
    dists: [dist, ...others],
    metadata: true,
    ...(only !== undefined && { only }),
  });
  onTestFinished(() => index.close());
  const args = ['install', ...INTO, '--index-url', index.url, 'prey'];
  return bare ? own.bare('pip', ...args) : own.guarded('pip', ...args);
}

const isThere = (own: PipWorld, name: string): boolean => existsSync(join(own.site, name));

interface Lie {
  readonly title: string;
  readonly metadata: string;
  readonly rule: string;
  readonly detail: string;
}

const LIES: readonly Lie[] = [
  {
    title: 'hides a dependency',
    metadata: METADATA.replace('Requires-Dist: helper>=1\n', ''),
    rule: 'index-other-dependencies',
    detail: 'the archive needs "helper>=1", and the metadata file of the index does not show it',
  },
  {
    title: 'adds a dependency',
    metadata: METADATA.replace('Requires-Dist', 'Requires-Dist: dropper\nRequires-Dist'),
    rule: 'index-other-dependencies',
    detail: 'the metadata file of the index shows "dropper", and the archive does not need it',
  },
];

function expectStopped(
  own: PipWorld,
  result: Result,
  { rule, detail }: Pick<Lie, 'rule' | 'detail'>,
): void {
  const said = result.stdout + result.stderr;
  expect({ code: result.code, said }).toEqual({
    code: 1,
    said: expect.stringContaining('tarwarden: refused prey@1.0:'),
  });
  expect(said).toContain(rule);
  expect(said).toContain(detail);
  expect(isThere(own, 'prey')).toBe(false);
}

describe.each([system])('$name, a metadata file of an index', (pip: Pip) => {
  it('decides for the bare pip what is installed with a wheel', async () => {
    const own = world(pip);
    const result = await install(own, { ...prey, metadata: LIES[0]!.metadata }, { bare: true });
    expect(result).toMatchObject({ code: 0 });
    expect([isThere(own, 'prey'), isThere(own, 'helper')]).toEqual([true, false]);
  });

  it.each(LIES)('is refused if it $title', async ({ metadata, ...lie }) => {
    const own = world(pip);
    expectStopped(own, await install(own, { ...prey, metadata }), lie);
  });

  it('is refused beside a source archive if the wheel that pip builds needs more', async () => {
    const own = world(pip);
    const sources = sdistOf({ name: 'prey', requires: ['helper>=1'] });
    const metadata = wheelOf({ name: 'prey' }).metadata!;
    const result = await install(own, { ...sources, metadata });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(LIES[0]!.detail);
    expect(isThere(own, 'prey')).toBe(false);
  });

  it('may have other line endings, and is compared again where the wheel was accepted', async () => {
    const own = world(pip);
    const metadata = `${METADATA.replaceAll('\n', '\r\n')}\r\n`;
    const result = await install(own, { ...prey, metadata, requiresPython: '>=3.6' });
    expect(result).toMatchObject({ code: 0 });
    expect([isThere(own, 'prey'), isThere(own, 'helper')]).toEqual([true, true]);
    const again = world(pip);
    Object.assign(again.env, { XDG_CACHE_HOME: own.env['XDG_CACHE_HOME'] });
    const python = METADATA.replace('>=3.8', '>=2.7');
    expectStopped(again, await install(again, { ...prey, metadata: python }, { only: 'html' }), {
      rule: 'index-other-metadata',
      detail: 'the metadata file of the index has Requires-Python ">=2.7", and the archive ">=3.8"',
    });
  });
});
