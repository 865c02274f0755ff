/** `bun build --compile` for another platform fetches a bun for that, which is not a package, and asks no scanner. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { available } from '../../support/managers.ts';
import { guarded, hostile, serveInTurn, useBench } from './guarded.ts';

const ARGS = ['build', '--compile', '--target=bun-linux-arm64-v1.3.2', 'a.ts', '--outfile', 'out'];

describe.skipIf(!available('bun').ok)('bun', () => {
  const bench = useBench();
  beforeEach(() => bench.sandbox.write({ 'a.ts': 'console.log(1);\n' }));

  test('is left to fetch a bun, of which nothing stays', async () => {
    const server = await serveInTurn(hostile);
    const env = { BUN_COMPILE_TARGET_TARBALL_URL: server.url };
    expect(await guarded(bench, ARGS, { env })).toMatchObject({ code: 1 });
    expect(server.asked()).toBe(1);
    expect(existsSync(join(bench.sandbox.project, 'out'))).toBe(false);
    const kept = readdirSync(join(bench.sandbox.root, 'xdg/cache/tarwarden/bun'));
    expect(kept.filter((name) => name.startsWith('run-'))).toEqual([]);
    await server.close();
  });
});
