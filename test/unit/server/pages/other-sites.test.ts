/* Forms that other sites send, cookies that they set, and what the headers of the pages forbid. */
import { createConnection } from 'node:net';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { servePages, TOKENS, type ServedPages } from '../../../support/approval-pages.ts';
import { freshEach } from '../../../support/fresh-each.ts';
import { Visitor, type Headers } from './visitor.ts';

const served: ServedPages = freshEach(async () => servePages());
const PUBLIC = 'https://packages.example.com/npm';
const secure: ServedPages = freshEach(async () => servePages({ publicUrl: PUBLIC }));

/** A signed-in requester, and the address of a refusal. */
async function ready(): Promise<{ visitor: Visitor; address: string; form: string }> {
  const visitor = new Visitor(served.url);
  await visitor.signIn(TOKENS.rita);
  const address = `/-/tarwarden/refusals/${served.service.refuse().id}`;
  return { visitor, address, form: visitor.cookies.get('tarwarden-form')! };
}

const bodyWith = (form: string): string => new URLSearchParams({ form, reason: 'x' }).toString();

describe('a form', () => {
  it.each<[string, (url: string) => Headers, number]>([
    ['of this server', (origin) => ({ origin }), 303],
    ['of this server, as new browsers say it', () => ({ 'sec-fetch-site': 'same-origin' }), 303],
    ['without an origin', () => ({}), 403],
    ['of another site', () => ({ origin: 'https://evil.example' }), 403],
    ['of a frame without an origin', () => ({ origin: 'null' }), 403],
    ['of another port', () => ({ origin: 'http://127.0.0.1:1' }), 403],
    ['of a host that begins alike', (url) => ({ origin: `${url}.evil.example` }), 403],
    [
      'of another site of the same domain',
      (origin) => ({ origin, 'sec-fetch-site': 'same-site' }),
      403,
    ],
    [
      'of another site, with our origin',
      (origin) => ({ origin, 'sec-fetch-site': 'cross-site' }),
      403,
    ],
    [
      'of an address that a user has typed',
      (origin) => ({ origin, 'sec-fetch-site': 'none' }),
      403,
    ],
  ])('%s counts only if this server sends it', async (_, headersFor, status) => {
    const { visitor, address, form } = await ready();
    const headers = headersFor(served.url);
    const sent = await visitor.send('POST', address, { headers, body: bodyWith(form) });
    expect(sent.status).toBe(status);
    expect(served.service.events).toHaveLength(status === 303 ? 1 : 0);
  });

  it.each<[string, (form: string) => string]>([
    ['no value', () => 'reason=x'],
    ['an empty value', () => bodyWith('')],
    ['another value', () => bodyWith('A'.repeat(22))],
    ['the value of another browser', (form) => bodyWith(form.split('').reverse().join(''))],
  ])('with %s changes nothing', async (_, bodyFor) => {
    const { visitor, address, form } = await ready();
    const body = bodyFor(form);
    const sent = await visitor.send('POST', address, { headers: { origin: served.url }, body });
    expect(sent.status).toBe(403);
    expect(sent.text).toContain('Nothing was changed');
    expect(served.service.events).toEqual([]);
  });

  it.each(['', 'short', 'A'.repeat(23), 'A'.repeat(21) + '%'])(
    'with the cookie %j and the same value changes nothing',
    async (value) => {
      const { visitor, address } = await ready();
      visitor.cookies.set('tarwarden-form', value);
      const options = { headers: { origin: served.url }, body: bodyWith(value) };
      expect((await visitor.send('POST', address, options)).status).toBe(403);
      expect(served.service.events).toEqual([]);
    },
  );

  it('without its cookie changes nothing', async () => {
    const { visitor, address, form } = await ready();
    visitor.cookies.delete('tarwarden-form');
    const options = { headers: { origin: served.url }, body: bodyWith(form) };
    expect((await visitor.send('POST', address, options)).status).toBe(403);
    expect(served.service.events).toEqual([]);
  });

  it.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', ''])(
    'of the type %j is not read',
    async (type) => {
      const { visitor, address, form } = await ready();
      const headers = { origin: served.url, 'content-type': type };
      expect((await visitor.send('POST', address, { headers, body: bodyWith(form) })).status).toBe(
        415,
      );
    },
  );

  it('that is too long is refused, and closes the connection', async () => {
    const { visitor, address, form } = await ready();
    const body = `${bodyWith(form)}&more=${'x'.repeat(100_000)}`;
    const sent = await visitor.send('POST', address, { headers: { origin: served.url }, body });
    expect(sent.status).toBe(413);
    expect(sent.headers.connection).toBe('close');
  });

  it('holds on another instance, which has no memory of it', async () => {
    const { visitor, address, form } = await ready();
    const other = await servePages();
    try {
      const { id } = other.service.refuse();
      const there = new Visitor(other.url);
      for (const [name, value] of visitor.cookies) there.cookies.set(name, value);
      const sent = await there.send('POST', `/-/tarwarden/refusals/${id}`, {
        headers: { origin: other.url },
        body: bodyWith(form),
      });
      expect(sent.status).toBe(303);
      expect(address).not.toContain(id);
    } finally {
      await other.close();
    }
  });

  it('cannot be sent by reading an address', async () => {
    const { visitor, address, form } = await ready();
    await visitor.get(`${address}?${bodyWith(form)}`);
    for (const path of ['sign-out', 'approvals/1/approve', 'approvals/1/decline'])
      expect((await visitor.get(`/-/tarwarden/${path}?${bodyWith(form)}`)).status).toBe(405);
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect((await visitor.send(method, address)).status).toBe(405);
    expect(served.service.events).toEqual([]);
    expect(visitor.cookies.has('tarwarden-token')).toBe(true);
  });
});

describe('behind https', () => {
  it('cookies have the prefix, and are for this host, https and this site alone', async () => {
    const visitor = new Visitor(secure.url);
    const page = await visitor.get('/-/tarwarden/sign-in');
    expect(page.headers['set-cookie']).toEqual([
      expect.stringMatching(
        /^__Host-tarwarden-form=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure$/,
      ),
    ]);
    const origin = 'https://packages.example.com';
    const inside = await visitor
      .post(page, '/npm/-/tarwarden/sign-in', { token: TOKENS.ada }, { origin })
      .catch(() => undefined);
    expect(inside?.status).not.toBe(303);
    const sent = await visitor.send('POST', '/-/tarwarden/sign-in', {
      headers: { origin },
      body: new URLSearchParams({
        form: visitor.cookies.get('__Host-tarwarden-form')!,
        token: TOKENS.ada,
        next: 'approvals',
      }).toString(),
    });
    expect(sent.headers.location).toBe('/npm/-/tarwarden/approvals');
    expect(sent.headers['set-cookie']).toEqual([
      `__Host-tarwarden-token=${TOKENS.ada}; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200; Secure`,
    ]);
    const queue = await visitor.get('/-/tarwarden/approvals');
    expect(queue.html).toContain('href="/npm/-/tarwarden/style.css');
  });

  it('cookies without the prefix do not count', async () => {
    const visitor = new Visitor(secure.url);
    visitor.cookies.set('tarwarden-token', TOKENS.ada);
    expect((await visitor.get('/-/tarwarden/approvals')).status).toBe(401);
    visitor.cookies.set('tarwarden-form', 'A'.repeat(22));
    const body = new URLSearchParams({ form: 'A'.repeat(22), token: TOKENS.ada }).toString();
    const options = { headers: { origin: 'https://packages.example.com' }, body };
    expect((await visitor.send('POST', '/-/tarwarden/sign-in', options)).status).toBe(403);
  });
});

it('a host with a port that does not exist gets pages, and no error', async () => {
  for (const host of ['localhost:99999', 'x y', '[', ''])
    expect((await new Visitor(served.url).get('/-/tarwarden/approvals', { host })).status).toBe(
      401,
    );
  expect(served.log).toEqual([]);
});

describe('every answer', () => {
  it.each([
    'sign-in',
    'approvals',
    'approvals/1',
    'requests',
    'style.css',
    'rules/symlink',
    `refusals/${'a'.repeat(26)}`,
  ])('of %s forbids scripts, frames, copies and other sites', async (path) => {
    const { headers } = await new Visitor(served.url).get(`/-/tarwarden/${path}`);
    expect(headers).toMatchObject({
      'content-security-policy':
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': path === 'style.css' ? 'public, max-age=3600' : 'no-store',
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('to a client that goes away in the middle of a form is none, and no error', async () => {
    const socket = createConnection(Number(new URL(served.url).port), '127.0.0.1');
    const form = 'content-type: application/x-www-form-urlencoded\r\ncontent-length: 100';
    socket.write(
      `POST /-/tarwarden/sign-in HTTP/1.1\r\nhost: x\r\norigin: http://x\r\n${form}\r\n\r\nform=`,
    );
    const [received] = (await once(served.server, 'request')) as [IncomingMessage];
    socket.destroy();
    await once(received.socket, 'close');
    expect(received.complete).toBe(false);
    expect((await new Visitor(served.url).get('/-/tarwarden/sign-in')).status).toBe(200);
    expect(served.log).toEqual([]);
  });

  it('to HEAD has no body', async () => {
    const socket = createConnection(Number(new URL(served.url).port), '127.0.0.1');
    socket.end(
      'HEAD /-/tarwarden/sign-in HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n',
    );
    const parts: Buffer[] = [];
    socket.on('data', (part: Buffer) => parts.push(part));
    await once(socket, 'close');
    expect(Buffer.concat(parts).toString()).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\n$/);
  });
});
