/** What `tarwarden audit --store` says of each way to change the caches of npm and Yarn 4, made here as these make them. */
import { createHash, hash } from 'node:crypto';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings } from '@tarwarden/settings';
import { npmStore } from '../../../packages/audit/src/store/npm-store.ts';
import type { ClientStore } from '../../../packages/audit/src/store/stored.ts';
import { yarnZipStore } from '../../../packages/audit/src/store/yarn-zip-store.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { putFile } from '../../support/put-file.ts';
import { sri } from '../../support/registry.ts';
import { bytes, said, taskOf } from './stored-packages.ts';

let folder: string;
freshFolder((made) => (folder = made));

describe('the cache of npm', () => {
  const store = (): ClientStore => npmStore(folder, loadSettings(undefined, { HOME: folder }));
  const task = taskOf('package-lock', {});
  const other = Buffer.from('other');
  const content = (integrity: string): string => {
    const hex = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
    return join(
      folder,
      '_cacache/content-v2/sha512',
      hex.slice(0, 2),
      hex.slice(2, 4),
      hex.slice(4),
    );
  };
  const index = (url: string, ...integrities: readonly string[]): void => {
    const key = `make-fetch-happen:request-cache:${url}`;
    const hex = hash('sha256', key);
    const lines = integrities.map((integrity) => {
      const text = JSON.stringify({ key, integrity, time: 0 });
      return `\n${hash('sha1', text)}\t${text}`;
    });
    putFile(
      join(folder, '_cacache/index-v5', hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)),
      lines.join(''),
    );
  };
  const TARBALL = 'https://registry.npmjs.org/a/-/a-1.0.0.tgz';
  const PAGE = 'https://registry.npmjs.org/a';
  const page = (integrity: string | undefined): void => {
    const dist = { integrity, tarball: TARBALL };
    const body = Buffer.from(JSON.stringify({ versions: { '1.0.0': { dist } } }));
    putFile(content(sri(body)), body);
    index(PAGE, sri(body));
  };

  it('is clean, or has nothing', () => {
    expect(store().itemsFor(task)).toEqual([]);
    putFile(content(sri(bytes)), bytes);
    index(TARBALL, sri(bytes));
    page(sri(bytes));
    expect(store().itemsFor(task)).toHaveLength(3);
    expect(said(store(), task, [])).toEqual([]);
  });

  it('names content that was replaced', () => {
    putFile(content(sri(bytes)), other);
    expect(said(store(), task, [])).toEqual([
      expect.stringContaining('does not have the hash of the lockfile'),
    ]);
  });

  it('names a link in place of content', () => {
    rmSync(putFile(content(sri(bytes))));
    symlinkSync('/etc/passwd', content(sri(bytes)));
    expect(said(store(), task, [])).toEqual([
      expect.stringContaining('is a link, which npm follows'),
    ]);
  });

  it('names an entry of the index that was exchanged', () => {
    index(TARBALL, sri(bytes), sri(other));
    expect(said(store(), task, [])).toEqual([
      expect.stringContaining('says that the archive has the hash'),
    ]);
  });

  it('names a page with another hash, and compares none without a hash', () => {
    page(sri(other));
    expect(said(store(), task, [])).toEqual([
      expect.stringContaining('keeps a page of the registry'),
    ]);
    page(undefined);
    expect(said(store(), task, [])).toEqual([expect.stringMatching(/^unknown: /)]);
  });

  it('names a page that was changed in place', () => {
    page(sri(bytes));
    const body = JSON.stringify({
      versions: { '1.0.0': { dist: { integrity: sri(bytes), tarball: TARBALL } } },
    });
    writeFileSync(content(sri(Buffer.from(body))), body.replace('1.0.0', '1.0.1'));
    expect(said(store(), task, [])).toEqual([
      expect.stringContaining('does not have the hash under which'),
    ]);
  });
});

it('zips of Yarn have the checksum of the lockfile', () => {
  const sha512 = createHash('sha512').update(bytes).digest('hex');
  const integrity = { type: 'yarn-zip', sha512, cacheKey: '10c0' } as const;
  const task = taskOf('yarn-berry', { integrity });
  const names = ['10c0', sha512.slice(0, 10)].map((end) => `a-npm-1.0.0-0123456789-${end}.zip`);
  for (const name of names) putFile(join(folder, name), bytes);
  putFile(join(folder, 'a-npm-1.0.0-0123456789-9.zip'), 'of another version of Yarn');
  expect(said(yarnZipStore(folder), task, [])).toEqual([]);
  for (const name of names) putFile(join(folder, name), 'other');
  expect(said(yarnZipStore(folder), task, [])).toHaveLength(2);
  expect(said(yarnZipStore(folder), taskOf('yarn-berry', { integrity: undefined! }), [])).toEqual(
    Array.from({ length: 3 }, () => expect.stringMatching(/^unknown: .*no checksum/)),
  );
});
