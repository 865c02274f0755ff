/** Registries below a path, and with their tarballs elsewhere: bun names the folders of its cache by how the registry is spelt. */
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freshEach } from '../../support/fresh-each.ts';
import { available } from '../../support/managers.ts';
import {
  cleanTarball,
  closeBench,
  guarded,
  hasLanded,
  makeBench,
  packageJson,
  publish,
  SUBJECT,
  type Files,
} from './guarded.ts';

describe.skipIf(!available('bun').ok)('bun', () => {
  const bench = freshEach(() => makeBench(), closeBench);
  let server: Server;
  let path: string;
  beforeEach(async () => {
    publish(bench, cleanTarball());
    // What it says of packages lies below a path; their tarballs are at the bench's registry.
    server = createServer(({ url = '' }, response) => {
      const at = `${bench.registry.url}/${url.slice(url.lastIndexOf('/') + 1)}`;
      request(at, (answer) => answer.pipe(response)).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    path = `http://127.0.0.1:${(server.address() as AddressInfo).port}/some/npm`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const rows: readonly { at: string; files?: (path: string) => Files; option?: string }[] = [
    { at: '.npmrc', files: (one) => ({ '.npmrc': `registry=${one}\n` }) },
    { at: '.npmrc, with a slash', files: (one) => ({ '.npmrc': `registry=${one}/\n` }) },
    { at: '.npmrc, with two', files: (one) => ({ '.npmrc': `registry=${one}//\n` }) },
    { at: 'bunfig', files: (one) => ({ 'bunfig.toml': `[install]\nregistry = "${one}"\n` }) },
    { at: 'the command line', option: '--registry' },
  ];

  test.each(rows)('finds what the guard unpacked: registry of $at', async ({ files, option }) => {
    const more = files?.(path) ?? {};
    bench.sandbox.write({ ...packageJson({ dependencies: { [SUBJECT]: '1.0.0' } }), ...more });
    const args = ['install', ...(option === undefined ? [] : [option, path])];
    expect(await guarded(bench, args)).toMatchObject({ code: 0 });
    expect(hasLanded(bench)).toBe(true);
    expect(bench.registry.downloads()).toHaveLength(1);
  });
});
