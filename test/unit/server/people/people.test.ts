/* Who sends a request: by a token, a cookie, or the headers of a proxy. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { renameSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { KnownPeople, type PeopleOptions } from '../../../../packages/server/src/people/people.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

const sha256 = (token: string): string => createHash('sha256').update(token).digest('hex');
const FILE = `
- { name: ada, role: approver, sha256: ${sha256('token-of-ada')}, private: ['@acme/*'] }
- { name: bob, role: reader, sha256: ${sha256('token-of-bob')} }
- { name: cleo, role: requester, private: ['@acme/*'] }
`;
const HEADERS = { user: 'X-Forwarded-User', groups: 'X-Forwarded-Groups' };

let tokens = '';
freshFolder((folder) => (tokens = join(folder, 'people.yaml')));

let asked: ((received: IncomingMessage) => void) | undefined;
const server = createServer((received, response) => {
  asked?.(received);
  response.end();
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());
afterEach(() => vi.useRealTimers());

/** A request as a server gets it. A header may be there twice. */
async function received(
  headers: Readonly<Record<string, string | string[]>>,
): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo;
  const got = new Promise<IncomingMessage>((resolve) => (asked = resolve));
  request({ port, host: '127.0.0.1', headers: { ...headers }, agent: false }).end();
  return got;
}

function peopleWith(options: Partial<PeopleOptions> = {}, file = FILE): KnownPeople {
  writeFileSync(tokens, file);
  return new KnownPeople({ tokens, isSecure: false, onWarning: () => {}, ...options });
}

const behindProxy = (): KnownPeople =>
  peopleWith({
    headers: HEADERS,
    groups: {
      security: 'approver',
      dev: 'requester',
      acme: { role: 'reader', private: ['@acme/*'] },
    },
    trusts: ({ remoteAddress }) => remoteAddress === '127.0.0.1',
  });

describe('a token', () => {
  it.each([
    ['authorization', { authorization: 'Bearer token-of-ada' }, 'ada'],
    ['authorization in small letters', { authorization: 'bearer token-of-bob' }, 'bob'],
    ['a cookie', { cookie: 'other=1; tarwarden-token=token-of-ada' }, 'ada'],
    [
      'a cookie beside a password for a proxy',
      { authorization: 'Basic YTpi', cookie: 'tarwarden-token=token-of-ada' },
      'ada',
    ],
    ['nothing', {}, undefined],
    ['another token', { authorization: 'Bearer token-of-eve' }, undefined],
    [
      'the hash instead of the token',
      { authorization: `Bearer ${sha256('token-of-ada')}` },
      undefined,
    ],
    ['an empty token', { authorization: 'Bearer ' }, undefined],
    [
      'a wrong bearer token beside a right cookie',
      { authorization: 'Bearer npm_x', cookie: 'tarwarden-token=token-of-ada' },
      undefined,
    ],
    [
      'two cookies of the same name',
      { cookie: 'tarwarden-token=token-of-ada; tarwarden-token=token-of-bob' },
      undefined,
    ],
    ['headers of a proxy that is not configured', { 'x-forwarded-user': 'ada' }, undefined],
  ])('names a person: %s', async (_, headers, name) => {
    const person = await peopleWith().identify(await received(headers));
    expect(person?.name).toBe(name);
  });

  it('names a person with the role and the private packages, and without the hash', async () => {
    const person = await peopleWith().identify(
      await received({ authorization: 'Bearer token-of-ada' }),
    );
    expect(person).toEqual({ name: 'ada', role: 'approver', private: ['@acme/*'] });
  });

  it('of a cookie that any host of the domain can set does not count with https', async () => {
    const people = peopleWith({ isSecure: true });
    const plain = await received({ cookie: 'tarwarden-token=token-of-ada' });
    const prefixed = await received({ cookie: '__Host-tarwarden-token=token-of-ada' });
    expect(await people.identify(plain)).toBeUndefined();
    expect((await people.identify(prefixed))?.name).toBe('ada');
  });
});

describe('the headers of a proxy', () => {
  it.each([
    [
      'the role of a group',
      { 'x-forwarded-user': 'dan', 'x-forwarded-groups': 'other,dev' },
      { name: 'dan', role: 'requester', private: [] },
    ],
    [
      'the highest role of several groups',
      { 'x-forwarded-user': 'dan', 'x-forwarded-groups': 'dev, security,acme' },
      { name: 'dan', role: 'approver', private: ['@acme/*'] },
    ],
    [
      'the role of the file',
      { 'x-forwarded-user': 'cleo' },
      { name: 'cleo', role: 'requester', private: ['@acme/*'] },
    ],
    [
      'the role of the file beside that of a group',
      { 'x-forwarded-user': 'cleo', 'x-forwarded-groups': 'security' },
      { name: 'cleo', role: 'approver', private: ['@acme/*'] },
    ],
    ['nothing without a group', { 'x-forwarded-user': 'dan' }, undefined],
    [
      'nothing for a group of another case',
      { 'x-forwarded-user': 'dan', 'x-forwarded-groups': 'Security' },
      undefined,
    ],
    [
      'nothing for a group whose name contains another',
      { 'x-forwarded-user': 'dan', 'x-forwarded-groups': 'security-guests' },
      undefined,
    ],
    ['nothing of the file to a name that has a token', { 'x-forwarded-user': 'ada' }, undefined],
    [
      'nothing for a name of the registry',
      { 'x-forwarded-user': 'registry:ada', 'x-forwarded-groups': 'security' },
      undefined,
    ],
    [
      'nothing for a name that reads backwards',
      {
        'x-forwarded-user': Buffer.from('ad\u202ea').toString('latin1'),
        'x-forwarded-groups': 'security',
      },
      undefined,
    ],
    [
      'nothing to a name that is there twice',
      { 'x-forwarded-user': ['eve', 'dan'], 'x-forwarded-groups': 'security' },
      undefined,
    ],
    [
      'nothing to groups that are there twice',
      { 'x-forwarded-user': 'dan', 'x-forwarded-groups': ['security', 'dev'] },
      undefined,
    ],
    [
      'nothing for properties of objects',
      { 'x-forwarded-user': 'dan', 'x-forwarded-groups': '__proto__,constructor' },
      undefined,
    ],
    [
      'the person of a token, without a user',
      { authorization: 'Bearer token-of-bob', 'x-forwarded-groups': 'security' },
      { name: 'bob', role: 'reader', private: [] },
    ],
    [
      'the person of the proxy, and not of a token',
      {
        'x-forwarded-user': 'dan',
        'x-forwarded-groups': 'dev',
        authorization: 'Bearer token-of-ada',
      },
      { name: 'dan', role: 'requester', private: [] },
    ],
    [
      'nothing to a user without a role, who also has a token',
      { 'x-forwarded-user': 'dan', cookie: 'tarwarden-token=token-of-ada' },
      undefined,
    ],
  ])('give %s', async (_, headers, person) => {
    expect(await behindProxy().identify(await received(headers))).toEqual(person);
  });

  it('name a person in UTF-8', async () => {
    const user = Buffer.from('Zoë').toString('latin1');
    const got = await received({ 'x-forwarded-user': user, 'x-forwarded-groups': 'dev' });
    expect((await behindProxy().identify(got))?.name).toBe('Zoë');
  });

  it('do not count from an address that is not trusted', async () => {
    const people = peopleWith({
      headers: HEADERS,
      groups: { security: 'approver' },
      trusts: ({ remoteAddress }) => remoteAddress === '10.0.0.1',
    });
    const got = await received({
      'x-forwarded-user': 'dan',
      'x-forwarded-groups': 'security',
      'x-forwarded-for': '10.0.0.1',
    });
    expect(people.isFromProxy(got)).toBe(false);
    expect(await people.identify(got)).toBeUndefined();
  });
});

describe('a file that changes', () => {
  it('is read again, also if another file replaces it', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    writeFileSync(tokens, FILE);
    const people = new KnownPeople({ tokens, isSecure: false, onWarning: () => {} });
    expect(people.personWith('token-of-ada')?.role).toBe('approver');
    writeFileSync(`${tokens}.new`, FILE.replace('role: approver', 'role: reader'));
    renameSync(`${tokens}.new`, tokens);
    vi.advanceTimersByTime(1_001);
    expect(people.personWith('token-of-ada')?.role).toBe('reader');
  });

  it('changes nothing and is reported if it is invalid, and counts when it is valid again', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    writeFileSync(tokens, FILE);
    const warnings: string[] = [];
    const people = new KnownPeople({
      tokens,
      isSecure: false,
      onWarning: (text) => warnings.push(text),
    });
    writeFileSync(tokens, '- { name: eve, role: approver, token: x }\n');
    vi.advanceTimersByTime(1_001);
    expect(people.personWith('token-of-ada')?.name).toBe('ada');
    vi.advanceTimersByTime(1_001);
    expect(people.personWith('token-of-ada')?.name).toBe('ada');
    expect(warnings).toEqual([expect.stringContaining('entry 1: unknown key "token"')]);
    writeFileSync(tokens, '[]\n');
    vi.advanceTimersByTime(1_001);
    expect(people.personWith('token-of-ada')).toBeUndefined();
  });

  it('stops the start if it is invalid or missing', () => {
    expect(() => peopleWith({}, 'x: y')).toThrow('expected a list');
    expect(() => peopleWith({ tokens: '/absent/people.yaml' })).toThrow('ENOENT');
    expect(() => peopleWith({ tokens: '/dev/null' })).toThrow('it is not a file');
  });
});
