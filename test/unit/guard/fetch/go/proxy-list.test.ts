import { describe, expect, it } from 'vitest';
import {
  parseProxyList,
  walk,
  type ModuleProxyAnswer,
} from '../../../../../packages/guard/src/fetch/go/proxy-list.ts';

const answer = (status: number, text = ''): ModuleProxyAnswer => ({
  status,
  body: Buffer.from(text),
  source: '',
});

describe('GOPROXY', () => {
  it.each([
    ['https://a,https://b/x/|direct', ['https://a', 'https://b/x|', 'direct']],
    ['proxy.example.org, direct', ['https://proxy.example.org', 'direct']],
    ['file:///srv/mods', ['file:///srv/mods']],
    ['http://127.0.0.1:3000/p', ['http://127.0.0.1:3000/p']],
    [',,off,https://never', ['off']],
    ['direct|https://never', ['direct']],
  ])('%s', (text, expected) => {
    const found = parseProxyList(text);
    expect(found.map(({ address, onAnyError }) => address + (onAnyError ? '|' : ''))).toEqual(
      expected,
    );
  });

  it.each([
    [',', 'names no proxy'],
    ['ftp://user:secret@x.org', 'neither http, https nor file'],
    ['http://user:secret@x.org', 'password'],
    ['file://host/x', 'more than a path'],
    ['word', 'not a URL'],
  ])('%s is refused as by go, without its password', (text, message) => {
    expect(() => parseProxyList(text)).toThrow(message);
    expect(() => parseProxyList(text)).not.toThrow('secret');
  });
});

describe('the walk', () => {
  it.each([
    ['a,b', { a: 404, b: 200 }, ['a', 'b'], 200],
    ['a,b', { a: 410, b: 200 }, ['a', 'b'], 200],
    ['a,b', { a: 500, b: 200 }, ['a'], 500],
    ['a,b', { a: 403, b: 200 }, ['a'], 403],
    ['a|b', { a: 500, b: 200 }, ['a', 'b'], 200],
    ['a|b', { a: 500, b: 404 }, ['a', 'b'], 500],
    ['a,b', { a: 404, b: 404 }, ['a', 'b'], 404],
    ['a|direct', { a: 500, direct: 404 }, ['a', 'direct'], 404],
  ])('of %s with %j asks %j', async (text, statuses, asked, status) => {
    const list = parseProxyList(text.replaceAll(/\b([ab])\b/g, 'https://$1.org'));
    const seen: string[] = [];
    const { status: found } = await walk(list, async ({ address }) => {
      const name = /^https:\/\/(.)\.org$/.exec(address)?.[1] ?? address;
      seen.push(name);
      return answer((statuses as Record<string, number>)[name]!);
    });
    expect(seen).toEqual(asked);
    expect(found).toBe(status);
  });
});
