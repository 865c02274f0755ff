/* The registry's API: what reaches the registry of it, and what is answered. */
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tgz } from '../../../support/pkg.ts';
import { registryOfTest, type Received, type RegistryOfTest } from './registry-of-test.ts';
import { startGateway, type Testing } from './support.ts';

const clean = tgz({ name: 'mine', version: '1.0.0' });

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

describe('the API', () => {
  it('is passed on with what signs in, its query and its packed bodies', async () => {
    const body = gzipSync('{"left-pad":["1.0.0"]}');
    const headers = { 'content-encoding': 'gzip', authorization: 'Bearer mine', cookie: 'a=b' };
    const target = '/-/npm/v1/security/advisories/bulk?x=1';
    expect(await testing.ask(target, { method: 'POST', headers, body })).toMatchObject({
      status: 201,
    });
    const [{ path, headers: sent }] = registry.received as [Received];
    expect(path).toBe(`/base${target}`);
    expect(sent).toMatchObject({ 'content-encoding': 'gzip', authorization: 'Bearer mine' });
    expect(sent).not.toHaveProperty('cookie');
  });

  it('answers JSON, or says what went wrong', async () => {
    const html = '<html>';
    registry.answer = { status: 200, body: html };
    expect(await testing.ask('/-/whoami')).toMatchObject({ status: 502 });
    const challenge = { 'www-authenticate': 'OTP' };
    registry.answer = { status: 401, body: html, headers: challenge };
    const refused = await testing.ask('/-/whoami');
    expect(refused).toMatchObject({ status: 401, headers: challenge });
    expect(refused.body.toString()).toBe('{"error":"the registry answers 401"}');
    registry.answer = { status: 200, body: clean.toString('latin1') };
    expect(await testing.ask('/-/v1/search')).toMatchObject({ status: 502 });
  });

  it('takes no attachments, nothing that is not JSON, and nothing long', async () => {
    const sent = async (body: string | Buffer, headers = {}): Promise<number> =>
      (await testing.ask('/-/package/mine/dist-tags/x', { method: 'PUT', body, headers })).status;
    expect(await sent('{"_attachments":{}}')).toBe(403);
    expect(await sent('{"_Attachments":{}}')).toBe(403);
    expect(await sent(clean)).toBe(400);
    expect(await sent('[]', { 'content-encoding': 'br' })).toBe(415);
    expect(await sent('[]', { 'content-encoding': 'gzip' })).toBe(400);
    expect(await sent(`"${'x'.repeat(5_000_000)}"`)).toBe(413);
    // A few kilobytes that are long, or many values.
    const packed = { 'content-encoding': 'gzip' };
    expect(await sent(gzipSync(`"${'x'.repeat(17_000_000)}"`), packed)).toBe(400);
    expect(await sent(gzipSync(`[${'{},'.repeat(400_000)}0]`), packed)).toBe(413);
    expect(registry.received).toEqual([]);
    expect(await sent('"1.0.0"')).toBe(201);
  });

  it('that cannot be reached is a failure', async () => {
    await testing.close();
    testing = await startGateway('http://127.0.0.1:1');
    const { status, phrase } = await testing.ask('/-/ping');
    expect({ status, phrase }).toEqual({
      status: 502,
      phrase: 'the registry cannot be reached (ECONNREFUSED)',
    });
    expect(await testing.ask('/a')).toMatchObject({ status: 502 });
    expect(await testing.ask('/-/ping', { method: 'PATCH' })).toMatchObject({ status: 405 });
  });
});
