/** Settings that switch bun's cache off: bun would then unpack into node_modules/.cache what it has downloaded by itself. */
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { available } from '../../support/managers.ts';
import {
  bare,
  cleanTarball,
  guarded,
  hostile,
  packageJson,
  publish,
  serveInTurn,
  SUBJECT,
  useBench,
} from './guarded.ts';
import { removeAll } from './roads.ts';

describe.skipIf(!available('bun').ok)('bun', () => {
  const bench = useBench();

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

  test.each([
    ['', 98, 'without asking the guard'],
    ['[install.cache]\ndisable = true\n', 97, 'switches the cache off'],
  ])('a script that installs is not taken for guarded with another scanner: %j', async (...row) => {
    const [settings, code, said] = row;
    publish(bench, hostile);
    bench.sandbox.write({
      ...packageJson({ dependencies: { [SUBJECT]: '1.0.0' }, scripts: { go: 'bun install' } }),
      'bunfig.toml': `${settings}[install.security]\nscanner = "./x.cjs"\n`,
      'x.cjs': "exports.scanner = { version: '1', scan: async () => [] };\n",
      '.npmrc': 'cache=false\n',
    });
    const result = await guarded(bench, ['run', 'go']);
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(said);
  });

  test('a template of the project takes no scanner along', async () => {
    publish(bench, hostile);
    const dependencies = { [SUBJECT]: '1.0.0' };
    const template = {
      'package.json': { name: 'app', version: '1.0.0', dependencies },
      'bunfig.toml': '[install.cache]\ndisable = true\n[install.security]\nscanner = "./x.cjs"\n',
      'x.cjs': "exports.scanner = { version: '1', scan: async () => [] };\n",
      '.npmrc': 'cache=false\n',
    };
    const folder = join(bench.sandbox.project, '.bun-create/app');
    bench.sandbox.write(template, folder);
    const there = join(bench.sandbox.project, 'there/node_modules');
    expect(await bare(bench, ['create', 'app', 'there'])).toMatchObject({ code: 0 });
    expect(existsSync(join(there, SUBJECT))).toBe(true);
    rmSync(dirname(there), { recursive: true });
    const result = await guarded(bench, ['create', 'app', 'there']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
    expect(existsSync(join(there, SUBJECT))).toBe(false);
    rmSync(dirname(there), { recursive: true });
    publish(bench, cleanTarball());
    removeAll(bench);
    expect(await guarded(bench, ['create', 'app', 'there'])).toMatchObject({ code: 0 });
    expect(existsSync(join(there, SUBJECT))).toBe(true);
  });
});
