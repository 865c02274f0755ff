/** Settings that switch bun's cache off: bun would then unpack into node_modules/.cache what it has downloaded by itself. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { available } from '../../support/managers.ts';
import {
  cleanTarball,
  closeBench,
  guarded,
  hostile,
  makeBench,
  packageJson,
  serveInTurn,
  SUBJECT,
  type Bench,
} from './guarded.ts';

describe.skipIf(!available('bun').ok)('bun', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await makeBench();
  });
  afterEach(async () => {
    bench.sandbox.assertSentinelUntouched();
    await closeBench(bench);
  });

  test.each([['cache=false\n'], ['"cache" = ${OFF}\n']])(
    'a registry is not asked twice for a tarball where the .npmrc says %j',
    async (npmrc) => {
      const server = await serveInTurn(cleanTarball(), hostile);
      bench.registry.publish({ name: SUBJECT, tarball: server.url, integrity: null });
      bench.sandbox.write({
        ...packageJson({ dependencies: { [SUBJECT]: '1.0.0' } }),
        '.npmrc': npmrc,
      });
      const env = { OFF: 'false' };
      expect(await guarded(bench, ['install'], { env })).toMatchObject({ code: 0 });
      expect(server.asked()).toBe(1);
      expect(existsSync(join(bench.sandbox.project, 'node_modules/.cache'))).toBe(false);
      await server.close();
    },
  );
});
