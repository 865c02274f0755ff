import { describe, expect, it } from 'vitest';
import { pageOf } from '../../../../../packages/server/src/sweep/board/adapter.ts';
import { isOwnPage } from '../../../../../packages/server/src/browser/own-page.ts';
import { isLoopbackHost } from '../../../../../packages/server/src/sweep/http/own-host.ts';

const TEMPLATE = `<base href="<%= basePath %>" /><title><%= title %></title>
<link rel="icon" href="<%= favIconDefault %>">
<link href="https://fonts.example/css2?family=IBM" rel="stylesheet"><link href="static/main.css" rel="stylesheet">
<script id="__UI_CONFIG__" type="application/json"><%- uiConfig %></script>`;

describe('the page', () => {
  const values = {
    basePath: '/',
    title: '<b>"title"',
    favIconDefault: 'a',
    favIconAlternative: 'b',
    uiConfig: '{"a":1}',
  };

  it('has the values, and asks no other site for anything', () => {
    expect(pageOf(TEMPLATE, values))
      .toBe(`<base href="/" /><title>&lt;b&gt;&quot;title&quot;</title>
<link rel="icon" href="a">
<link href="static/main.css" rel="stylesheet">
<script id="__UI_CONFIG__" type="application/json">{"a":1}</script>`);
  });

  it.each(['<%= other %>', '<%- toString %>', '<% if (x) { %>', '<%= a.b %>'])(
    'with %j is not served',
    (template) => {
      expect(() => pageOf(template, values)).toThrow('the page');
    },
  );
});

describe('a change is asked for by', () => {
  it.each([
    [{ 'sec-fetch-site': 'same-origin', host: 'a' }, true],
    [{ origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }, true],
    [{ 'sec-fetch-site': 'cross-site', origin: 'http://a', host: 'a' }, false],
    [{ 'sec-fetch-site': 'same-site', host: 'a' }, false],
    [{ 'sec-fetch-site': 'none', host: 'a' }, false],
    [{ origin: 'http://evil.example', host: '127.0.0.1:3000' }, false],
    [{ origin: 'http://127.0.0.1:4000', host: '127.0.0.1:3000' }, false],
    [{ origin: 'null', host: 'null' }, false],
    [{ host: 'a' }, false],
    [{}, false],
  ])('%j: the own page is %j', (headers, isOwn) => {
    expect(isOwnPage(headers)).toBe(isOwn);
  });
});

describe('the host', () => {
  it.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:3000', '127.1.2.3', '[::1]:1'])(
    '%j is this machine',
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
    },
  );
  it.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:127',
    '127.0.0.1@evil.example',
    '[::1].evil.example',
  ])('%j is not', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
});
