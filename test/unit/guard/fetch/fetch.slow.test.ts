import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  fetchOptions,
  registryFor,
  tarballUrl,
} from '../../../../packages/guard/src/fetch/fetch-settings.ts';
import { fetchTarball } from '../../../../packages/guard/src/fetch/fetch.ts';
import {
  collisionFree,
  hasIntegrity,
  integrityOf,
  strongest,
} from '../../../../packages/guard/src/fetch/integrity.ts';
import { isWhole } from '../../../../packages/guard/src/fetch/whole-archive.ts';
import { PASSING, type Fault } from '../../../support/faults.ts';
import { tgz } from '../../../support/pkg.ts';
import { startRegistry, type Registry } from '../../../support/registry.ts';

const bytes = Buffer.from('bytes');
const hash = (algorithm: string): string =>
  `${algorithm}-${createHash(algorithm).update(bytes).digest('base64')}`;

describe('integrity', () => {
  it('goes by the strongest algorithm alone', () => {
    const wrong = hash('sha512').replace(/.{10}==$/, 'AAAAAAAAAA==');
    expect(hasIntegrity(bytes, `${hash('sha1')} ${hash('sha512')}?opt`)).toBe(true);
    expect(hasIntegrity(bytes, `${hash('sha1')} ${wrong}`)).toBe(false);
    expect(hasIntegrity(bytes, `${wrong} ${hash('sha512')}`)).toBe(true);
    expect(integrityOf(bytes)).toBe(hash('sha512'));
  });

  it.each(['', 'md5-x', 'nonsense'])('accepts nothing under %j', (text) => {
    expect(strongest(text)).toEqual([]);
    expect(hasIntegrity(bytes, text)).toBe(false);
  });

  it('remembers by one hash without known collisions only', () => {
    expect(collisionFree(hash('sha256'))).toBe(hash('sha256'));
    expect(collisionFree(hash('sha1'))).toBeUndefined();
    expect(collisionFree(`${hash('sha512')} sha512-AAAA`)).toBeUndefined();
    expect(collisionFree(undefined)).toBeUndefined();
  });
});

describe('settings', () => {
  const settings = {
    registry: 'https://one.example/npm',
    scopes: { '@s': 'https://two.example/' },
  };

  it('pick the registry by scope', () => {
    expect(registryFor('a', settings)).toBe('https://one.example/npm/');
    expect(registryFor('@s/a', settings)).toBe('https://two.example/');
    expect(registryFor('@other/a', settings)).toBe('https://one.example/npm/');
    expect(tarballUrl('@s/a', '1.0.0', settings)).toBe('https://two.example/@s/a/-/a-1.0.0.tgz');
    expect(tarballUrl('a', '1.0.0', {})).toBeUndefined();
  });

  it('use what is set for the nearest place', () => {
    const byPlace = { '//one.example/:ca': 'outer', '//one.example/npm/:ca': 'inner' };
    const at = (url: string): unknown =>
      fetchOptions(url, undefined, { byPlace, ca: ['all'] })['ca'];
    expect(at('https://one.example/npm/a')).toEqual(['inner']);
    expect(at('https://one.example/a')).toEqual(['outer']);
    expect(at('https://two.example/a')).toEqual(['all']);
  });

  it('pick the proxy by protocol', () => {
    const proxies = { httpProxy: 'http://plain', httpsProxy: 'http://secure' };
    expect(fetchOptions('http://a.example/', 'a', proxies)['proxy']).toBe('http://plain');
    expect(fetchOptions('https://a.example/', 'a', proxies)['proxy']).toBe('http://secure');
  });

  it('take no name of an odd shape for a package', () => {
    expect(fetchOptions('https://a.example/', '@s/a', {})['spec']).toBe('@s/a');
    expect(fetchOptions('https://a.example/', 'git+ssh://x', {})).not.toHaveProperty('spec');
  });
});

describe('fetchTarball', () => {
  let registry: Registry;
  beforeEach(async () => {
    registry = await startRegistry({ auth: { token: 'secret' } });
  });
  afterEach(() => registry.close());

  const get = (url: string, more: object = {}): Promise<Buffer> => {
    const byPlace = { [`//${new URL(registry.url).host}/:_authToken`]: 'secret' };
    return fetchTarball({ url, settings: { byPlace, retries: 0 }, timeLimit: 10_000, ...more });
  };

  it('gives the bytes whose integrity it checked', async () => {
    const url = registry.publish({ name: 'a', tgz: bytes });
    expect(await get(url, { integrity: hash('sha512') })).toEqual(bytes);
    await expect(get(url, { integrity: integrityOf(Buffer.from('others')) })).rejects.toMatchObject(
      {
        code: 'FETCH_FAILED',
      },
    );
  });

  it('says why, without credentials', async () => {
    const url = registry.url.replace('//', '//user:hidden@');
    const failure = get(`${url}/missing.tgz`);
    await expect(failure).rejects.toMatchObject({ code: 'FETCH_FAILED' });
    await expect(failure).rejects.not.toThrow(/hidden|secret/);
  });

  it.each(['file:///etc/passwd', 'ftp://a.example/a.tgz', 'nonsense'])(
    'does not open %s',
    async (url) => {
      await expect(get(url)).rejects.toMatchObject({ code: 'FETCH_FAILED' });
    },
  );
});

describe.each(['by a plain request', "by npm's network layer"])('a download %s', (way) => {
  const tarball = tgz();
  const settings = {
    retries: 2,
    retryMinTimeout: 1,
    retryMaxTimeout: 1,
    timeout: 1000,
    ...(way.includes('npm') && { byPlace: { '//other.example/:_authToken': 'x' } }),
  };
  let registry: Registry | undefined;
  afterEach(() => registry?.close());

  /** What comes of it, and how often it was asked for. */
  async function take(
    fault: Fault,
    times: number,
    more: { integrity?: string; isWhole?: (bytes: Buffer) => boolean } = {
      integrity: integrityOf(tarball),
    },
  ): Promise<{ bytes: Buffer | undefined; asked: number }> {
    const wrong = (_: string, before: number): Fault | undefined =>
      before < times ? fault : undefined;
    registry = await startRegistry({ fault: wrong });
    const url = registry.publish({ name: 'a', tgz: tarball });
    const bytes = await fetchTarball({ url, settings, timeLimit: 10_000, ...more }).catch(
      () => undefined,
    );
    return { bytes, asked: registry.downloads().length };
  }

  it.each<Fault>([...PASSING, 'length-too-long', 'length-huge', 'status-429'])(
    'that goes wrong twice (%s) goes well the third time',
    async (fault) => {
      expect((await take(fault, 2)).bytes).toEqual(tarball);
    },
  );

  it.each<Fault>(['html', 'cut', 'status-503'])(
    'that always goes wrong (%s) ends',
    async (fault) => {
      const { bytes, asked } = await take(fault, Infinity);
      expect(bytes).toBeUndefined();
      expect(asked).toBeGreaterThanOrEqual(3);
      expect(asked).toBeLessThanOrEqual(6);
    },
  );

  it('ends with a 404', async () => {
    const { bytes, asked } = await take('status-404', Infinity);
    expect(bytes).toBeUndefined();
    expect(asked).toBeLessThanOrEqual(2);
  });

  it.each<Fault>(['labelled-gzip', 'encoded-gzip'])('is what was published (%s)', async (fault) => {
    expect((await take(fault, Infinity)).bytes).toEqual(tarball);
    await registry?.close();
    expect((await take(fault, Infinity, { isWhole })).bytes).toEqual(tarball);
  });

  it('of which nothing is known is asked for again while it is damaged', async () => {
    expect((await take('html', 2, { isWhole })).bytes).toEqual(tarball);
    await registry?.close();
    expect((await take('cut-without-length', 1, { isWhole })).bytes).toEqual(tarball);
    await registry?.close();
    expect(String((await take('html', Infinity, { isWhole })).bytes)).toContain('<!doctype html>');
  });
});
