/* Archives from the cache: nothing that is in its folder gets past the digest and the verdict. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '@tarwarden/core';
import { hostile } from '../support.ts';
import { LARGE, large, useCachedArchives } from './cached-archives.ts';
import { filesIn } from './support.ts';

const cached = useCachedArchives();
const { again, expectSent } = cached;

/** Ways in which somebody who can write to the folder, or a bad disk, changes a file of it. */
const DAMAGES: Readonly<Record<string, (file: string) => void>> = {
  'a hostile archive': (file) => writeFileSync(file, hostile),
  'nothing in it': (file) => truncateSync(file),
  'an end that is missing': (file) => truncateSync(file, large.length - 1),
  'more behind it': (file) => appendFileSync(file, 'x'),
  'one other bit': (file) => {
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(file, bytes);
  },
  'a link in its place': (file) => {
    unlinkSync(file);
    symlinkSync('/etc/hostname', file);
  },
  'a pipe in its place': (file) => {
    unlinkSync(file);
    execFileSync('mkfifo', [file]);
  },
  'no folder around it': (file) => rmSync(join(file, '..'), { recursive: true }),
};

describe('a file of the cache with', () => {
  it.each(Object.entries(DAMAGES))('%s is replaced by what the registry has', async (_, damage) => {
    await expectSent(LARGE, large);
    await again();
    damage(filesIn(cached.folder)[0]!);
    await expectSent(LARGE, large);
    expect(cached.registry.times(LARGE)).toBe(2);
    expect(await cached.testing.ask('/-/tarwarden/healthz')).toMatchObject({ status: 200 });
    await again();
    await cached.registry.off();
    await expectSent(LARGE, large);
    await cached.registry.on();
    expect(cached.testing.failures).toEqual([]);
  });

  it('more bytes than an archive may have is replaced by what the registry has', async () => {
    const limits = { ...DEFAULT_POLICY.limits, unpackedBytes: 2 * large.length };
    const options = { policy: { ...DEFAULT_POLICY, limits } };
    await again(options);
    await expectSent(LARGE, large);
    await again(options);
    truncateSync(filesIn(cached.folder)[0]!, limits.unpackedBytes + 1);
    await expectSent(LARGE, large);
    expect(cached.registry.times(LARGE)).toBe(2);
  });

  it.each(['a hostile archive', 'one other bit'])(
    '%s is not sent if the registry is off',
    async (name) => {
      const damage = DAMAGES[name]!;
      await expectSent(LARGE, large);
      await again();
      damage(filesIn(cached.folder)[0]!);
      await cached.registry.off();
      const { status, body } = await cached.testing.ask(LARGE);
      expect(status).toBe(502);
      expect(body.length).toBeLessThan(500);
      await cached.registry.on();
    },
  );
});
