/* Publications: what reaches the registry, in which bytes. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { attack } from '../../../support/attacks.ts';
import { tgz } from '../../../support/pkg.ts';
import { sri } from '../../../support/registry.ts';
import { registryOfTest, type Received, type RegistryOfTest } from './registry-of-test.ts';
import { printableHeader, startGateway, type Answered, type Testing } from './support.ts';

const clean = tgz({ name: 'mine', version: '1.0.0' });
const hostile = attack('symlink').build({ name: 'mine', version: '1.0.0' });

let registry: RegistryOfTest;
let testing: Testing;

beforeEach(async () => {
  registry = await registryOfTest();
  testing = await startGateway(registry.url);
});
afterEach(async () => {
  // Answered first, dropped then.
  await vi.waitUntil(() => testing.held().length === 0);
});

function publication(bytes: Buffer, more: object = {}): Record<string, unknown> {
  const tarball = `${testing.url}/mine/-/mine-1.0.0.tgz`;
  const dist = { integrity: sri(bytes), shasum: sha1(bytes), tarball };
  const data = bytes.toString('base64');
  return {
    _id: 'mine',
    name: 'mine',
    'dist-tags': { latest: '1.0.0' },
    versions: { '1.0.0': { name: 'mine', version: '1.0.0', dist } },
    _attachments: {
      'mine-1.0.0.tgz': { content_type: 'application/octet-stream', data, length: 5 },
    },
    ...more,
  };
}
const sha1 = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('hex');
const put = async (body: object | string, target = '/mine'): Promise<Answered> =>
  testing.ask(target, {
    method: 'PUT',
    headers: { 'content-type': 'text/plain', authorization: 'Bearer mine' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('a publication', () => {
  it('reaches the registry once it is accepted, with the registry as the place of its tarball', async () => {
    expect(await put(publication(clean))).toMatchObject({ status: 201 });
    expect(registry.received).toHaveLength(1);
    const [{ method, path, headers, body }] = registry.received as [Received];
    expect({ method, path }).toEqual({ method: 'PUT', path: '/base/mine' });
    expect(headers).toMatchObject({
      authorization: 'Bearer mine',
      'content-type': 'application/json',
    });
    const sent = JSON.parse(body) as ReturnType<typeof publication>;
    expect(sent).toMatchObject({
      versions: {
        '1.0.0': {
          dist: { integrity: sri(clean), tarball: `${registry.url}/mine/-/mine-1.0.0.tgz` },
        },
      },
      _attachments: { 'mine-1.0.0.tgz': { data: clean.toString('base64'), length: clean.length } },
    });
  });

  it('does not reach it where it is rejected', async () => {
    const { status, phrase } = await put(publication(hostile));
    expect(status).toBe(403);
    expect(phrase).toContain('mine@1.0.0');
    expect(registry.received).toEqual([]);
    const metrics = (await testing.ask('/-/tarwarden/metrics')).body.toString();
    expect(metrics).toContain('tarwarden_refused_total{on="publish"} 1');
  });

  const twice = (): string => {
    const evil = JSON.stringify(publication(hostile));
    const good = JSON.stringify(publication(clean)['_attachments']);
    return `${evil.slice(0, -1)},"_attachments":${good},"versions":${JSON.stringify(publication(clean)['versions'])}}`;
  };

  it('is written anew: what is there twice reaches the registry once', async () => {
    expect(await put(twice())).toMatchObject({ status: 201 });
    expect(registry.received[0]!.body.match(/"_attachments"/g)).toHaveLength(1);
    expect(registry.received[0]!.body).not.toContain(hostile.toString('base64'));
  });

  it('has its base64 written anew', async () => {
    const data = `!${clean.toString('base64url')}==${hostile.toString('base64')}`;
    const attachments = { 'mine-1.0.0.tgz': { data } };
    const { status } = await put(publication(clean, { _attachments: attachments }));
    for (const { body } of registry.received)
      expect(body).not.toContain(hostile.toString('base64').slice(20));
    expect(status === 201 ? registry.received.length : status).toBe(status === 201 ? 1 : 400);
  });

  const data = hostile.toString('base64');
  const one = { 'mine-1.0.0.tgz': { data: clean.toString('base64') } };
  it.each(
    Object.entries<() => object | string>({
      'of another package': () => publication(clean, { name: 'other' }),
      'of a version that says that it is another': () => {
        const { versions } = publication(clean) as { versions: Record<string, object> };
        return publication(clean, {
          versions: { '1.0.0': { ...versions['1.0.0'], version: '2.0.0' } },
        });
      },
      'that is not what its integrity says': () => {
        const { versions } = publication(clean);
        return publication(tgz({ name: 'mine', files: { x: 'x' } }), { versions });
      },
      'with two tarballs': () =>
        publication(clean, { _attachments: { ...one, 'x.tgz': { data } } }),
      'with two versions': () => publication(clean, { versions: { '1.0.0': {}, '2.0.0': {} } }),
      'without a version': () => publication(clean, { versions: {} }),
      'with attachments in other capitals': () =>
        publication(clean, { _Attachments: { x: { data } } }),
      'with attachments in other letters': () =>
        publication(clean, { ['_attachment\u017F']: { x: { data } } }),
      'with data in other capitals': () =>
        publication(clean, {
          _attachments: { 'mine-1.0.0.tgz': { ...one['mine-1.0.0.tgz'], Data: data } },
        }),
      'with data that is a list': () =>
        publication(clean, { _attachments: { x: { data: [1, 2] } } }),
      'with a stub that brings something': () =>
        publication(clean, { _attachments: { x: { stub: true, Data: data } } }),
      'with what a copy has as its own': () =>
        JSON.stringify(publication(clean, { x: 0 })).replace(
          '"x":0',
          `"__proto__":{"_attachments":{"x":{"data":"${data}"}}}`,
        ),
      'with attachments that are a list': () => publication(clean, { _attachments: [data] }),
      'with versions that are a text': () => publication(clean, { versions: 'x' }),
      'that is a list': () => '[]',
      'that is a tarball': () => 'not JSON',
    }),
  )('%s is wrong', async (_, make) => {
    expect(await put(make())).toMatchObject({ status: 400 });
    expect(registry.received).toEqual([]);
  });

  it('without a tarball passes: a deprecation, with what the registry has', async () => {
    const stub = { 'mine-1.0.0.tgz': { stub: true, length: 3, digest: 'md5-x', revpos: 1 } };
    const document = {
      name: 'mine',
      versions: { '1.0.0': { deprecated: 'old' }, '2.0.0': {} },
      _attachments: stub,
    };
    expect(await put(document, '/mine/-rev/3-ab')).toMatchObject({ status: 201 });
    expect(registry.received[0]).toMatchObject({ path: '/base/mine/-rev/3-ab' });
  });

  it('with a Sigstore bundle beside its tarball passes', async () => {
    const bundle = {
      content_type: 'application/vnd.dev.sigstore.bundle+json;version=0.2',
      data: Buffer.from('{"a":1}').toString('base64'),
    };
    const _attachments = { ...one, 'mine-1.0.0.sigstore': bundle };
    expect(await put(publication(clean, { _attachments }))).toMatchObject({ status: 201 });
    const packed = { ...bundle, data };
    const two = { ...one, 'mine-1.0.0.sigstore': packed };
    expect(await put(publication(clean, { _attachments: two }))).toMatchObject({ status: 400 });
    // JSON that is an archive as well.
    const printable = {
      ...bundle,
      data: Buffer.from(`"${'x'.repeat(511)}${printableHeader()}"`).toString('base64'),
    };
    const both = { ...one, 'mine-1.0.0.sigstore': printable };
    expect(await put(publication(clean, { _attachments: both }))).toMatchObject({ status: 400 });
  });

  it('in another encoding, or longer than is read, is told so', async () => {
    const body = gzipSync(JSON.stringify(publication(hostile)));
    const headers = { 'content-encoding': 'gzip' };
    expect(await testing.ask('/mine', { method: 'PUT', headers, body })).toMatchObject({
      status: 415,
    });
    expect(registry.received).toEqual([]);
  });

  it('cannot be written as a file', async () => {
    expect(await put(publication(clean), '/mine/-/mine-1.0.0.tgz/-rev/1')).toMatchObject({
      status: 404,
    });
    expect(await put(publication(clean), '/mine/-/mine-1.0.0.tgz')).toMatchObject({ status: 404 });
    expect(await put('"1.0.0"', '/mine/latest')).toMatchObject({ status: 404 });
    expect(registry.received).toEqual([]);
  });

  it('can be taken back', async () => {
    const method = 'DELETE';
    expect(await testing.ask('/mine/-/mine-1.0.0.tgz/-rev/1-a', { method })).toMatchObject({
      status: 201,
    });
    expect(await testing.ask('/mine/-rev/1-a', { method })).toMatchObject({ status: 201 });
    expect(registry.received.map(({ path }) => path)).toEqual([
      '/base/mine/-/mine-1.0.0.tgz/-rev/1-a',
      '/base/mine/-rev/1-a',
    ]);
  });

  it('that the registry has taken is taken, in whatever words it says so', async () => {
    registry.answer = { status: 200, body: 'thank you' };
    expect(await put(publication(clean))).toMatchObject({ status: 200 });
  });
});
