/** The document with which Yarn publishes a package. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { guardUpload } from '../../../packages/yarn-plugin/src/downloads.ts';

const tarball = vi.fn(async (_bytes: Uint8Array, _subject: object) => ({ sha512: '' }));
const guards = { for: async () => ({ tarball }) };
const executor = vi.fn(async () => 'sent');
beforeEach(() => {
  tarball.mockReset().mockResolvedValue({ sha512: '' });
  executor.mockClear();
});

const base64 = Buffer.from('a tarball').toString('base64');
const document = {
  name: '@s/p',
  versions: { '1.0.0': {} },
  _attachments: {
    '@s/p-1.0.0.tgz': { content_type: 'application/octet-stream', data: base64 },
    '@s/p-1.0.0.sigstore': {
      content_type: 'application/vnd.dev.sigstore.bundle+json;version=0.2',
      data: '{}',
    },
  },
};

const send = async (request: object): Promise<unknown> =>
  guardUpload(executor as never, request as never, guards as never)();

describe('a publication', () => {
  test.each(['PUT', 'POST'])('by %s is sent after its tarball is accepted', async (method) => {
    expect(await send({ method, body: document })).toBe('sent');
    const expected = { name: '@s/p', version: '1.0.0' };
    const subject = { label: '@s/p@1.0.0', expected, hasTarball: true, isUpload: true };
    expect(tarball.mock.calls).toEqual([[Buffer.from('a tarball'), subject]]);
  });

  test('is not sent if its tarball is refused', async () => {
    tarball.mockRejectedValue(new Error('refused'));
    await expect(send({ method: 'PUT', body: document })).rejects.toThrow('refused');
    expect(executor).not.toHaveBeenCalled();
  });
});

test.each([
  { method: 'GET', body: null },
  { method: 'PUT', body: { latest: '1.0.0' } },
  { method: 'POST', body: Buffer.from('{}') },
  { method: 'PUT', body: 'text' },
])('any other request is sent as it is: %o', async (request) => {
  expect(await send(request)).toBe('sent');
  expect(tarball).not.toHaveBeenCalled();
});
