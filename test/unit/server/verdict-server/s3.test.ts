import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStorage } from '../../../../packages/server/src/verdict-server/storage.ts';
import { fakeS3, S3_ENV, type FakeS3 } from '../../../support/fake-s3.ts';

const ADDRESS = 'ab'.repeat(32);

let s3: FakeS3;
beforeEach(async () => {
  s3 = await fakeS3();
});
afterEach(() => s3.close());

describe('a storage in S3', () => {
  it('keeps envelopes in a bucket, by signed requests', async () => {
    const storage = await openStorage(`s3+http://${s3.host}/verdicts`, S3_ENV);
    expect(await storage.get(ADDRESS)).toEqual([]);
    await storage.put(ADDRESS, '{"payload":"ü"}', 'accept');
    expect(await storage.get(ADDRESS)).toEqual(['{"payload":"ü"}']);
    await storage.put(ADDRESS, '{"payload":"x"}', 'reject');
    await storage.put(ADDRESS, '{"payload":"y"}', 'accept');
    expect(await storage.get(ADDRESS)).toEqual(['{"payload":"x"}', '{"payload":"y"}']);
    expect([...s3.objects.keys()].every((path) => path.startsWith('/verdicts/ab'))).toBe(true);
    for (const one of s3.signatures)
      expect(one).toMatch(/^AWS4-HMAC-SHA256 Credential=id-of-the-test\/\d{8}\/eu-north-1\/s3\//);
    expect(s3.signatures.join()).not.toContain(S3_ENV.AWS_SECRET_ACCESS_KEY);
    await storage.close();
  });

  it('takes an answer that is an error for none, and says which', async () => {
    const storage = await openStorage(`s3+http://${s3.host}/verdicts`, {
      ...S3_ENV,
      AWS_SECRET_ACCESS_KEY: 'another',
    });
    await expect(storage.get(ADDRESS)).rejects.toThrow(/403/);
    await expect(storage.put(ADDRESS, '{}', 'accept')).rejects.toThrow(/SignatureDoesNotMatch/);
    expect(s3.objects.size).toBe(0);
  });

  it('says where it is without credentials', async () => {
    expect((await openStorage(`s3+http://${s3.host}/verdicts`, S3_ENV)).label).toBe(
      `s3+http://${s3.host}/verdicts`,
    );
  });

  it('is not asked without TLS but on this machine', async () => {
    await expect(openStorage('s3+http://s3.example.com/verdicts', S3_ENV)).rejects.toThrow(/TLS/);
  });
});
