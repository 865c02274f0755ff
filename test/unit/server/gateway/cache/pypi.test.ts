/* pip behind a gateway whose index goes down: pages, metadata files and files come from the cache. */
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { startIndex } from '../../../../support/pip/index.ts';
import { sdistOf, wheelOf, type Dist } from '../../../../support/pip/packages.ts';
import { freshFolder } from '../../../../support/fresh-folder.ts';
import { cachedGateway, type CachedGateway } from './support.ts';

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
afterEach(async () => {
  vi.useRealTimers();
  await testing.close();
});

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
