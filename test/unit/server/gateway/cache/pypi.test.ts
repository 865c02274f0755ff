/* pip behind a gateway whose index goes down: pages, metadata files and files come from the cache. */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { startIndex } from '../../../../support/pip/index.ts';
import { sdistOf, wheelOf, type Dist } from '../../../../support/pip/packages.ts';
import { freshFolder } from '../../../../support/fresh-folder.ts';
import { cachedGateway, switchedRegistry, type CachedGateway } from './support.ts';

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';
const clean = wheelOf({ name: 'clean' });
const source = sdistOf({ name: 'source' });
const evil = wheelOf({ name: 'evil', hostile: true });
const fileOf = ({ project, fileName }: Dist): string => `/files/${project}/${fileName}`;

let folder: string;
let testing: CachedGateway;
freshFolder((fresh) => {
  folder = join(fresh, 'cache');
});
afterEach(() => void vi.useRealTimers());

it('installs what was accepted, up to the limit, and no hostile wheel', async () => {
  const index = await startIndex({ dists: [clean, source, evil], metadata: true });
  const upstream = `http://${new URL(index.url).host}/simple/`;
  testing = await cachedGateway(upstream, folder, { ecosystem: 'pypi' });
  const asked = ['/simple/clean/', '/simple/source/', fileOf(clean), fileOf(source)];
  for (const path of [...asked, `${fileOf(clean)}.metadata`])
    expect({ path, ...(await testing.ask(path)) }).toMatchObject({ path, status: 200 });
  expect(await testing.ask(fileOf(evil))).toMatchObject({ status: 403 });
  await testing.close();
  index.close();
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date', 'performance'] });
  // Another gateway knows no SHA-512 of these files, only what the page promises.
  testing = await cachedGateway(upstream, folder, { ecosystem: 'pypi' });
  for (const path of [...asked, `${fileOf(clean)}.metadata`])
    expect({ path, ...(await testing.ask(path)) }).toMatchObject({ path, status: 200 });
  const { headers } = await testing.ask('/simple/clean/', { headers: { accept: JSON_TYPE } });
  expect(headers['warning']).toBe('110 - "Response is Stale"');
  expect(Number(headers['age'])).toBeLessThan(600);
  const { status, body } = await testing.ask(fileOf(clean));
  expect({ status, isSame: body.equals(clean.bytes) }).toEqual({ status: 200, isSame: true });
  // A rejected file is not kept, so nobody can get it.
  expect(await testing.ask(fileOf(evil))).toMatchObject({ status: 502 });
  vi.advanceTimersByTime(24 * 60 * 60_000 + 1);
  expect(await testing.ask('/simple/clean/')).toMatchObject({ status: 502 });
  expect(await testing.ask(fileOf(clean))).toMatchObject({ status: 502 });
});

it('gives nothing of an index to the page of another index that names its addresses', async () => {
  const [inside, other] = [await switchedRegistry(), await switchedRegistry()];
  const sha256 = (bytes: Uint8Array): string => hash('sha256', bytes);
  const words = Buffer.from('Metadata-Version: 2.1\nName: clean\nVersion: 1.0\n');
  const file = {
    filename: clean.fileName,
    url: `${inside.url}/${clean.fileName}`,
    hashes: { sha256: sha256(clean.bytes) },
    'core-metadata': { sha256: sha256(words) },
  };
  const page = { meta: { 'api-version': '1.0' }, name: 'clean', files: [file] };
  inside.content.set(`/${clean.fileName}`, Buffer.from(clean.bytes));
  inside.content.set(`/${clean.fileName}.metadata`, words);
  for (const index of [inside, other]) {
    index.headers = { 'cache-control': 'max-age=300', 'content-type': JSON_TYPE };
    index.content.set('/clean/', page);
  }
  testing = await cachedGateway(inside.url, folder, {
    registries: [
      { name: 'inside', ecosystem: 'pypi', upstream: new URL(inside.url), path: '/inside/' },
      { name: 'other', ecosystem: 'pypi', upstream: new URL(other.url), path: '/other/' },
    ],
  });
  for (const path of [`${fileOf(clean)}.metadata`, fileOf(clean)]) {
    expect(await testing.ask(`/inside${path}`)).toMatchObject({ status: 200 });
    expect({ path, ...(await testing.ask(`/other${path}`)) }).toMatchObject({ path, status: 403 });
  }
  await Promise.all([inside.off(), other.off()]);
});
