import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DEFAULT_POLICY, inspect, type Format } from '@tarwarden/core';
import { inspectionThread } from '@tarwarden/guard';
import { afterAll, describe, expect, it } from 'vitest';
import { makeGem } from '../../../support/gem/gems.ts';
import { moduleZip } from '../../../support/go/module-zip.ts';
import { sdistOf, wheelOf } from '../../../support/pip/packages.ts';
import { threadProgram } from '../../../support/thread-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'tarwarden-thread-'));
const started: Worker[] = [];
const program = async (path: string) =>
  threadProgram(new URL(`../../../../packages/${path}`, import.meta.url));
const [ofAudit, ofYarn] = await Promise.all([
  program('cli/src/archives/inspection-thread.ts'),
  program('yarn-plugin/src/inspector-program.ts'),
]);
const start = (source: URL) => (): Worker => {
  const worker = new Worker(source);
  started.push(worker);
  return worker;
};
afterAll(async () => {
  await Promise.all(started.map(async (one) => one.terminate()));
  rmSync(folder, { recursive: true, force: true });
});

const gem = makeGem({ name: 'a', hostile: true });
const wheel = wheelOf({ name: 'a', hostile: true });
const sdist = sdistOf({ name: 'a' });
const archives: readonly [Format, string, Buffer][] = [
  ['gem', gem.fileName, gem.bytes],
  ['wheel', wheel.fileName, wheel.bytes],
  ['sdist', sdist.fileName, sdist.bytes],
  ['gomod', 'v1.0.0.zip', moduleZip({ module: 'example.test/a@v1.0.0' })],
];

describe('the thread of an audit', () => {
  const thread = inspectionThread(start(ofAudit));

  it.each(archives)('inspects bytes and files of %s', async (format, fileName, bytes) => {
    const options = { policy: DEFAULT_POLICY, format, expected: { fileName } };
    const verdict = inspect(bytes, options);
    expect(await thread.inspect(bytes, options)).toEqual(verdict);
    const path = join(folder, fileName);
    writeFileSync(path, bytes);
    expect(await thread.inspectFile(path, options)).toEqual(verdict);
  });

  it('has no verdict of a file that cannot be read', async () => {
    const options = { policy: DEFAULT_POLICY, format: 'wheel' } as const;
    await expect(thread.inspectFile(join(folder, 'none.whl'), options)).rejects.toThrow();
  });
});

it('a thread for npm has no verdict of other formats', async () => {
  const thread = inspectionThread(start(ofYarn));
  await expect(thread.inspect(wheel.bytes, { format: 'wheel' })).rejects.toThrow('npm alone');
});
