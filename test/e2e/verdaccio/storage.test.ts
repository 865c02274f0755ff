/* A sweep of the storage that a real verdaccio has written: each tarball in it is found by its name, version and integrity. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY, inspect } from '@tarwarden/core';
import { openSource } from '../../../packages/server/src/sweep/sources/open.ts';
import { TaskRunner, type RunnerOptions } from '../../../packages/server/src/sweep/task-runner.ts';
import { run } from '../../support/managers.ts';
import { payload } from '../../support/payload.ts';
import { tgz } from '../../support/pkg.ts';
import { sri, startRegistry } from '../../support/registry.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { folderMark, taskOf } from '../../../packages/server/src/sweep/tasks.ts';
import { storageOf, storedFiles } from './storage.ts';
import { configure, get, releases, signUp, startGuarded } from './support.ts';

type Written = Parameters<RunnerOptions['ledger']['write']>[1][number];

/** What a sweep of a storage writes down. */
async function swept(folder: string): Promise<Written[]> {
  const written: Written[] = [];
  const ledger = {
    known: () => Promise.resolve(new Set<string>()),
    write: (_: string, results: readonly Written[]) => {
      written.push(...results);
      return Promise.resolve();
    },
  } as unknown as RunnerOptions['ledger'];
  const source = await openSource(`verdaccio:${folder}`);
  const runner = new TaskRunner({
    name: 'x',
    ledger,
    policy: DEFAULT_POLICY,
    threads: {
      inspect: async (bytes, options) => inspect(bytes, options),
      inspectFile: async (path, options) => inspect(readFileSync(path), options),
    },
    upstream: undefined,
    files: source,
  });
  for await (const { works } of source.parts(undefined))
    for (const work of works) await runner.run(taskOf(work, '', folderMark(source)), true);
  await runner.close();
  return written;
}

describe.each(releases)('$name', (release) => {
  test('each tarball in its storage is found, as what it is', async () => {
    const registry = await startRegistry();
    const bytes = {
      'proxied@1.0.0': tgz({ name: 'proxied' }),
      '@own/proxied@2.0.0': tgz({ name: '@own/proxied', version: '2.0.0' }),
      'evil@1.0.0': payload('evil'),
      'mine@1.0.0': tgz({ name: 'mine', version: '1.0.0' }),
      'mine@2.0.0-rc.1': tgz({ name: 'mine', version: '2.0.0-rc.1' }),
      '@private/mine@1.0.0': tgz({ name: '@private/mine', version: '1.0.0' }),
    };
    registry.publish({ name: 'proxied', tgz: bytes['proxied@1.0.0'] });
    // Known by its document, and never downloaded.
    registry.publish({ name: 'proxied', version: '0.9.0' });
    registry.publish({ name: '@own/proxied', version: '2.0.0', tgz: bytes['@own/proxied@2.0.0'] });
    registry.publish({ name: 'evil', tgz: bytes['evil@1.0.0'] });
    const sandbox = makeSandbox();
    const config = configure(sandbox, registry.url);
    const running = await startGuarded(sandbox, config, { release });
    for (const path of [
      '/proxied/-/proxied-1.0.0.tgz',
      '/@own/proxied/-/proxied-2.0.0.tgz',
      '/evil/-/evil-1.0.0.tgz',
    ])
      await get(running.url, path);
    const token = await signUp(running.url, 'somebody');
    sandbox.npmrc(
      `registry=${running.url}/`,
      `${running.url.replace('http:', '')}/:_authToken=${token}`,
    );
    for (const key of ['mine@1.0.0', 'mine@2.0.0-rc.1', '@private/mine@1.0.0'] as const) {
      const file = join(sandbox.root, 'mine.tgz');
      writeFileSync(file, bytes[key]);
      const { code, stderr } = await run('npm-10', ['publish', file, '--tag', 'some'], { sandbox });
      expect({ key, code, said: code === 0 ? '' : stderr }).toEqual({ key, code: 0, said: '' });
    }
    expect(await running.end('SIGTERM')).toBe(0);
    await registry.close();

    const written = await swept(storageOf(config));
    const found = written.flatMap((one) =>
      'verdict' in one
        ? [[`${one.name}@${one.version}`, one.verdict.archive.integrity, one.verdict.status]]
        : [],
    );
    const expected = Object.entries(bytes).map(([key, content]) => [
      key,
      sri(content),
      key.startsWith('evil') ? 'reject' : 'accept',
    ]);
    expect(found).toHaveLength(expected.length);
    expect(found).toEqual(expect.arrayContaining(expected));
    expect(storedFiles(config)).toHaveLength(expected.length);
    sandbox.dispose();
  });
});
