import { describe, expect, it } from 'vitest';
import { forwardProxyFor } from '../../../../../packages/guard/src/fetch/go/forward-proxy.ts';

const HTTP_PROXY = 'http://plain.org:1/';
const HTTPS_PROXY = 'http://secure.org:2/';
const asked = (url: string, env: NodeJS.ProcessEnv): string | undefined =>
  forwardProxyFor(new URL(url), env)?.href;

describe('the proxy of a URL', () => {
  it('is of its own protocol, by name of the variable in capitals first', () => {
    expect(asked('http://a.org/', { HTTP_PROXY, HTTPS_PROXY })).toBe(HTTP_PROXY);
    expect(asked('https://a.org/', { HTTP_PROXY, HTTPS_PROXY })).toBe(HTTPS_PROXY);
    expect(asked('http://a.org/', { HTTPS_PROXY })).toBeUndefined();
    expect(asked('https://a.org/', { HTTP_PROXY, ALL_PROXY: HTTP_PROXY })).toBeUndefined();
    expect(asked('https://a.org/', { HTTPS_PROXY: '', https_proxy: 'b.org:3' })).toBe(
      'http://b.org:3/',
    );
    expect(asked('https://a.org/', { HTTPS_PROXY, https_proxy: 'http://b.org' })).toBe(HTTPS_PROXY);
    expect(asked('http://a.org/', { HTTP_PROXY: 'me:secret@b.org:3' })).toBe(
      'http://me:secret@b.org:3/',
    );
    expect(asked('http://a.org/', { HTTP_PROXY: 'socks5://b.org:3' })).toBe('socks5://b.org:3');
  });

  it.each(['localhost', '127.0.0.1', '127.8.0.1:80', '[::1]', '[::ffff:127.0.0.1]'])(
    'is none for this machine: %s',
    (host) => {
      expect(asked(`http://${host}/`, { HTTP_PROXY })).toBeUndefined();
    },
  );

  it.each(['ftp://b.org', 'http://me:secret@:b', '\0'])(
    'cannot be %j, which is not repeated',
    (value) => {
      let message = '';
      try {
        asked('http://a.org/', { HTTP_PROXY: value });
      } catch (error) {
        ({ message } = error as Error);
      }
      expect(message).toBe('HTTP_PROXY is not the address of a proxy');
    },
  );

  it('is not what a request to a CGI program names', () => {
    expect(() => asked('http://a.org/', { HTTP_PROXY, REQUEST_METHOD: 'GET' })).toThrow('CGI');
    expect(asked('https://a.org/', { HTTPS_PROXY, REQUEST_METHOD: 'GET' })).toBe(HTTPS_PROXY);
  });
});

describe('NO_PROXY', () => {
  const excepts = (list: string, url: string): boolean =>
    asked(url, { HTTP_PROXY, HTTPS_PROXY, NO_PROXY: list }) === undefined;

  it.each([
    ['*', 'http://a.org/'],
    ['x, * ,y', 'http://10.0.0.1/'],
    ['a.org', 'http://a.org/'],
    ['A.ORG', 'http://b.A.org/'],
    ['.a.org', 'http://b.a.org/'],
    ['*.a.org', 'http://c.b.a.org/'],
    ['a.org:80', 'http://a.org/'],
    ['a.org:443', 'https://a.org/'],
    ['a.org:8080', 'http://a.org:8080/'],
    ['bücher.example', 'http://bücher.example/'],
    ['10.0.0.0/8', 'http://10.9.8.7/'],
    ['10.0.0.1', 'http://10.0.0.1/'],
    ['10.0.0.1:80', 'http://10.0.0.1/'],
    ['10.0.0.1', 'http://[::ffff:10.0.0.1]/'],
    ['fe80::/10', 'http://[fe80::1]/'],
    ['[2001:db8::1]:80', 'http://[2001:db8::1]/'],
    ['2001:db8::1', 'http://[2001:db8:0::1]/'],
  ])('%j excepts %s', (list, url) => {
    expect(excepts(list, url)).toBe(true);
  });

  it.each([
    ['', 'http://a.org/'],
    [',', 'http://a.org/'],
    ['a.org', 'http://ba.org/'],
    ['.a.org', 'http://a.org/'],
    ['*.a.org', 'http://a.org/'],
    ['a.org:8080', 'http://a.org/'],
    ['org a', 'http://a.org/'],
    [':80', 'http://a.org/'],
    ['10.0.0.0/8', 'http://11.0.0.1/'],
    ['10.0.0.0/33', 'http://10.0.0.1/'],
    ['10.0.0', 'http://10.0.0.1/'],
    ['10.0.0.1:81', 'http://10.0.0.1/'],
    ['10.0.0.1', 'http://x.10.0.0.1.org/'],
  ])('%j does not except %s', (list, url) => {
    expect(excepts(list, url)).toBe(false);
  });

  it('is also spelled in small letters', () => {
    expect(asked('http://a.org/', { HTTP_PROXY, no_proxy: 'a.org' })).toBeUndefined();
  });
});
