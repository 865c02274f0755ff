/* Who may read which page, who can sign in, and which addresses are pages. */
import { describe, expect, it, vi, afterEach } from 'vitest';
import { servePages, TOKENS, type ServedPages } from '../../../support/approval-pages.ts';
import { refusalOf } from '../../../support/approvals-in-memory.ts';
import { freshEach } from '../../../support/fresh-each.ts';
import { pageTarget, pathAfterSignIn } from '../../../../packages/server/src/pages/targets.ts';
import { Visitor } from './visitor.ts';

const served: ServedPages = freshEach(async () => servePages());
afterEach(() => vi.useRealTimers());

const UNKNOWN = `/-/tarwarden/refusals/${'a'.repeat(26)}`;

async function signedIn(name: keyof typeof TOKENS): Promise<Visitor> {
  const visitor = new Visitor(served.url);
  await visitor.signIn(TOKENS[name]);
  return visitor;
}

/** The page without the value of its forms. */
const bare = (html: string): string => html.replaceAll(/name="form" value="[^"]*"/g, '');

/** A private package, refused and asked about. */
async function privateRequest(): Promise<{ refusal: string; request: string }> {
  const { service } = served;
  const { id } = service.refuse({ ...refusalOf('@acme/secret', '1.0.0'), isPrivate: true });
  const by = { name: 'pat', role: 'requester', private: ['@acme/*'] } as const;
  const request = await service.ask(id, { by, reason: 'internal' });
  return {
    refusal: `/-/tarwarden/refusals/${id}`,
    request: `/-/tarwarden/approvals/${request.id}`,
  };
}

describe('somebody without a role', () => {
  it('gets the page to sign in, the same for a refusal that exists, one that does not, and a private one', async () => {
    const { id } = served.service.refuse();
    const { refusal, request } = await privateRequest();
    const pages = await Promise.all(
      [`/-/tarwarden/refusals/${id}`, UNKNOWN, refusal, request, '/-/tarwarden/approvals/999'].map(
        async (address) => new Visitor(served.url).get(address),
      ),
    );
    for (const page of pages) {
      expect(page.status).toBe(401);
      expect(page.headers['www-authenticate']).toBe('Bearer realm="tarwarden"');
      expect(page.text).not.toMatch(/evil|acme|symlink/);
      expect(bare(page.html).replace(/name="next" value="[^"]*"/, '')).toBe(
        bare(pages[0]!.html).replace(/name="next" value="[^"]*"/, ''),
      );
    }
  });

  it('cannot send a form', async () => {
    const { id } = served.service.refuse();
    const visitor = new Visitor(served.url);
    await visitor.get('/-/tarwarden/sign-in');
    const body = new URLSearchParams({ form: visitor.cookies.get('tarwarden-form')!, reason: 'x' });
    const options = { headers: { origin: served.url }, body: body.toString() };
    const address = `/-/tarwarden/refusals/${id}`;
    expect((await visitor.send('POST', address, options)).status).toBe(401);
    expect(served.service.events).toEqual([]);
  });

  it('who follows a link of another site loads the page once more, because the browser keeps the cookie back', async () => {
    const visitor = await signedIn('rita');
    const token = visitor.cookies.get('tarwarden-token')!;
    visitor.cookies.delete('tarwarden-token');
    const address = `/-/tarwarden/refusals/${served.service.refuse().id}`;
    const first = await visitor.get(address, { 'sec-fetch-site': 'cross-site' });
    expect(first.status).toBe(200);
    expect(first.html).toContain(`<meta http-equiv="refresh" content="0; url=${address}?again">`);
    const late = await visitor.get(`${address}?again`, { 'sec-fetch-site': 'cross-site' });
    expect(late.status).toBe(401);
    expect(first.text).not.toContain('evil');
    visitor.cookies.set('tarwarden-token', token);
    const second = await visitor.get(address, { 'sec-fetch-site': 'same-origin' });
    expect(second.text).toContain('evil@1.0.0');
  });
});

describe('a private package', () => {
  it('looks like an unknown one to people who may not read it', async () => {
    const { refusal, request } = await privateRequest();
    for (const name of ['ada', 'rita', 'rob'] as const) {
      const visitor = await signedIn(name);
      const unknown = await visitor.get(UNKNOWN);
      expect(unknown.status).toBe(404);
      for (const address of [refusal, request]) {
        const page = await visitor.get(address);
        expect(page.status).toBe(404);
        expect(bare(page.html)).toBe(bare(unknown.html));
      }
      const list = await visitor.get('/-/tarwarden/approvals?state=all');
      expect(list.text).not.toContain('acme');
    }
    const queue = await (await signedIn('ada')).get('/-/tarwarden/approvals');
    expect(queue.text).toContain('0 requests are open.');
  });

  it('can be decided about by an approver who may read it, and by no other one', async () => {
    const { request } = await privateRequest();
    const [ada, anna] = [await signedIn('ada'), await signedIn('anna')];
    const fields = { form: ada.cookies.get('tarwarden-form')!, reason: 'x' };
    const body = new URLSearchParams(fields).toString();
    const options = { headers: { origin: served.url }, body };
    expect((await ada.send('POST', `${request}/decline`, options)).status).toBe(404);
    expect(served.service.events).toHaveLength(1);
    const page = await anna.get(request);
    expect(page.text).toContain('@acme/secret@1.0.0');
    expect((await anna.post(page, `${request}/decline`, { reason: 'x' })).status).toBe(303);
  });

  it('is not in the list of a person with the same name who may no longer read it', async () => {
    const { service } = served;
    const { id } = service.refuse({ ...refusalOf('@acme/secret', '1.0.0'), isPrivate: true });
    const by = { name: 'rita', role: 'requester', private: ['@acme/*'] } as const;
    await service.ask(id, { by, reason: 'internal' });
    const list = await (await signedIn('rita')).get('/-/tarwarden/requests');
    expect(list.text).not.toContain('acme');
  });
});

describe('signing in', () => {
  it('needs a token of somebody', async () => {
    const visitor = new Visitor(served.url);
    const page = await visitor.signIn('wrong-token');
    expect(page.status).toBe(403);
    expect(page.text).toContain('Nobody has this token.');
    expect(page.html).not.toContain('wrong-token');
    expect(visitor.cookies.has('tarwarden-token')).toBe(false);
    expect((await visitor.signIn('')).text).toContain('Enter your token.');
    expect(JSON.stringify(served.log)).not.toContain('wrong-token');
  });

  it('waits after ten wrong tokens of one address, and says so in the log', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const visitor = new Visitor(served.url);
    for (let count = 0; count < 10; count += 1) await visitor.signIn(`wrong-${count}`);
    const refused = await visitor.signIn(TOKENS.ada);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '60']);
    expect(served.log).toContainEqual(
      expect.objectContaining({
        client: '127.0.0.1',
        msg: expect.stringContaining('too many wrong tokens'),
      }),
    );
    vi.advanceTimersByTime(60_001);
    expect((await visitor.signIn(TOKENS.ada)).status).toBe(303);
  });

  it('leads to a page of this server, whatever the form says', async () => {
    for (const next of [
      'https://evil.example/',
      '//evil.example',
      '..',
      'approvals/../../x',
      'sign-out',
      'style.css',
      'approvals\r\nset-cookie: x=1',
    ]) {
      const visitor = new Visitor(served.url);
      const page = await visitor.get('/-/tarwarden/sign-in');
      const sent = await visitor.post(page, '/-/tarwarden/sign-in', { token: TOKENS.ada, next });
      expect(sent.headers.location).toBe('/-/tarwarden/');
      expect((await visitor.get('/-/tarwarden/')).headers.location).toBe('/-/tarwarden/approvals');
    }
  });

  it('ends with signing out', async () => {
    const visitor = await signedIn('ada');
    const page = await visitor.get('/-/tarwarden/approvals');
    const out = await visitor.post(page, '/-/tarwarden/sign-out', {});
    expect(out.headers.location).toBe('/-/tarwarden/sign-in');
    expect(visitor.cookies.has('tarwarden-token')).toBe(false);
    expect((await visitor.get('/-/tarwarden/approvals')).status).toBe(401);
  });

  it('is not offered without https on other addresses than loopback ones', async () => {
    const open = await servePages({ publicUrl: 'http://packages.example.com' });
    try {
      const visitor = new Visitor(open.url);
      const page = await visitor.get('/-/tarwarden/sign-in');
      expect(page.text).toContain('Nobody can sign in at an address without https');
      expect(page.html).not.toContain('name="token"');
      const body = new URLSearchParams({
        form: visitor.cookies.get('tarwarden-form')!,
        token: TOKENS.ada,
      });
      const options = { headers: { origin: 'http://packages.example.com' }, body: body.toString() };
      expect((await visitor.send('POST', '/-/tarwarden/sign-in', options)).status).toBe(403);
      expect(visitor.cookies.has('tarwarden-token')).toBe(false);
    } finally {
      await open.close();
    }
  });

  it('is not needed behind an authenticating proxy, which says when a user has no role', async () => {
    const proxied = await servePages({
      people: {
        headers: { user: 'x-forwarded-user', groups: 'x-forwarded-groups' },
        groups: { security: 'approver' },
        trusts: () => true,
      },
    });
    try {
      const visitor = new Visitor(proxied.url);
      const inside = await visitor.get('/-/tarwarden/approvals', {
        'x-forwarded-user': 'dan',
        'x-forwarded-groups': 'security',
      });
      expect(inside.text).toContain('dan (approver)');
      expect(inside.text).not.toContain('Sign out');
      const outside = await visitor.get('/-/tarwarden/approvals', { 'x-forwarded-user': 'eve' });
      expect(outside.status).toBe(401);
      expect(outside.text).toContain('A proxy has signed you in');
    } finally {
      await proxied.close();
    }
  });
});

it('a failure of the approvals is answered without its cause, and logged', async () => {
  const visitor = await signedIn('ada');
  served.service.requests = async () => Promise.reject(new Error('postgres://user:secret@db'));
  const page = await visitor.get('/-/tarwarden/approvals');
  expect(page.status).toBe(503);
  expect(page.html).not.toContain('secret');
  expect(served.log).toContainEqual(
    expect.objectContaining({ msg: 'a page about refusals failed' }),
  );
});

describe('an address', () => {
  const id = 'abcdefghijklmnopqrstuvwxyz'.replace('abcdefg', 'a234567');

  it.each([
    ['', 'start'],
    [`refusals/${id}`, 'refusal'],
    [`refusals/${id}?x=1`, 'refusal'],
    ['approvals', 'approvals'],
    ['approvals/12', 'request'],
    ['approvals/12/approve', 'decision'],
    ['rules/symlink', 'rule'],
  ])('is one of a page: %s', (path, kind) => {
    expect(pageTarget(`/-/tarwarden/${path}`)?.kind).toBe(kind);
  });

  it.each([
    '/-/tarwarden/healthz',
    '/-/tarwarden/api/v1/requests',
    '/-/tarwarden/approvals.signed',
    '/-/tarwarden/approvals/',
    '/-/tarwarden/approvals/0',
    '/-/tarwarden/approvals/1/approve/',
    '/-/tarwarden/approvals/%31',
    '/-/tarwarden//approvals',
    '/-/tarwarden/../tarwarden/approvals',
    `/-/tarwarden/refusals/${id.toUpperCase()}`,
    `/-/tarwarden/refusals/${id}x`,
    `/-/tarwarden/refusals/${id}\n`,
    '/-/tarwarden/constructor',
    '/-/Tarwarden/approvals',
    'http://host/-/tarwarden/approvals',
    '/npm/-/tarwarden/approvals',
    '/-/tarwarden',
  ])('is none of a page: %j', (target) => {
    expect(pageTarget(target)).toBeUndefined();
  });

  it('after a sign-in is a page that can be read', () => {
    expect(pathAfterSignIn(`refusals/${id}`)).toBe(`refusals/${id}`);
    expect(pathAfterSignIn('approvals/1/approve')).toBe('');
  });

  it('of a rule that does not exist is answered like every unknown page', async () => {
    const visitor = await signedIn('rob');
    expect((await visitor.get('/-/tarwarden/rules/symlink')).text).toContain('Rule symlink');
    expect((await visitor.get('/-/tarwarden/rules/constructor')).status).toBe(404);
  });
});
