/** What bun gets of git repositories, and from GitHub. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { available } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { sri } from '../../support/registry.ts';
import {
  forget,
  guarded,
  hasLanded,
  installed,
  packageJson,
  serveInTurn,
  SUBJECT,
  useBench,
} from './guarded.ts';

describe.skipIf(!available('bun').ok)('bun', () => {
  const bench = useBench();

  const depend = (spec: string): void =>
    bench.sandbox.write(packageJson({ dependencies: { [SUBJECT]: spec } }));

  test('a git repository: bun leaves links out, so that it is taken without them', async () => {
    const files = { 'package.json': { name: SUBJECT, version: '1.0.0' }, 'index.js': '' };
    const clean = bench.sandbox.gitRepo('clean', files);
    depend(`git+${clean.remote}#${clean.commit}`);
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    expect(hasLanded(bench)).toBe(true);
    forget(bench);
    const bad = bench.sandbox.gitRepo('bad', files, { symlinks: { link: '../../../sentinel' } });
    depend(`git+${bad.remote}#${bad.commit}`);
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    expect(readdirSync(installed(bench)).toSorted()).toEqual([
      '.bun-tag',
      'index.js',
      'package.json',
    ]);
  });

  test('what GitHub sends: taken when it is clean', async () => {
    const server = await serveInTurn(tgz({ name: SUBJECT, top: 'owner-repo-0123456' }));
    const env = { GITHUB_API_URL: server.url.replace(/\/[^/]*$/, '') };
    depend('github:owner/repo#main');
    expect(await guarded(bench, ['install'], { env })).toMatchObject({ code: 0 });
    expect(hasLanded(bench)).toBe(true);
    await server.close();
  });

  test('what GitHub sends: bun holds it to the SHA-512 of bun.lock', async () => {
    const top = 'owner-repo-0123456';
    const first = tgz({ name: SUBJECT, top });
    const other = tgz({ name: SUBJECT, top, files: { 'index.js': 'other' } });
    const server = await serveInTurn(first, other);
    const env = { GITHUB_API_URL: server.url.replace(/\/[^/]*$/, '') };
    depend('github:owner/repo#main');
    expect(await guarded(bench, ['install'], { env })).toMatchObject({ code: 0 });
    expect(readFileSync(join(bench.sandbox.project, 'bun.lock'), 'utf8')).toContain(sri(first));
    forget(bench);
    const result = await guarded(bench, ['install', '--frozen-lockfile'], { env });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('Integrity check failed');
    expect(hasLanded(bench)).toBe(false);
    await server.close();
  });
});
