/* Names of packages and entries, findings and reasons that try to become markup, or to look like other text. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import type { Refusal } from '../../../../packages/server/src/approvals/service.ts';
import { markup, NOTHING } from '../../../../packages/server/src/browser/markup.ts';
import { servePages, TOKENS, type ServedPages } from '../../../support/approval-pages.ts';
import { refusalOf } from '../../../support/approvals-in-memory.ts';
import { freshEach } from '../../../support/fresh-each.ts';
import { repository } from '../../../support/managers.ts';
import { Visitor, type Page } from './visitor.ts';

const served: ServedPages = freshEach(async () => servePages());

/** All that the pages are made of. */
const ELEMENTS = new Set(
  'html head meta title link body a header div span nav ul li form input button main section h1 h2 h3 p dl dt dd code details summary pre time table caption thead tbody tr th td bdi label textarea ol footer'.split(
    ' ',
  ),
);
const ATTRIBUTES =
  /^(?:action|aria-(?:current|describedby|invalid|label|labelledby)|autocomplete|charset|class|content|datetime|for|href|id|lang|max|maxlength|method|min|name|novalidate|rel|required|role|rows|scope|tabindex|type|value)$/;
/** Own addresses, and places of the same page. */
const ADDRESS = /^(?:#[a-z-]+|\/-\/tarwarden\/[\w./-]*(?:\?[\w=&]*)?)$/;

function expectHarmless(page: Page): void {
  expect(page.faults).toEqual([]);
  const names = page.elements.map(({ tagName }) => tagName);
  expect(names.filter((name) => !ELEMENTS.has(name))).toEqual([]);
  const attributes = page.elements.flatMap(({ attrs }) => attrs);
  expect(attributes.map(({ name }) => name).filter((name) => !ATTRIBUTES.test(name))).toEqual([]);
  const addresses = attributes.filter(({ name }) => name === 'href' || name === 'action');
  expect(addresses.map(({ value }) => value).filter((value) => !ADDRESS.test(value))).toEqual([]);
  // Control, bidirectional and zero-width characters.
  expect(page.html).not.toMatch(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/,
  );
}

const TEXTS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' autofocus onfocus=alert(1) x='",
  '</title></textarea></style></pre><svg/onload=alert(1)>',
  '<!-- --><![CDATA[ x ]]>',
  'javascript:alert(1)',
  '&lt;b&gt;&#x3c;b&#x3e;&quot;',
  'a\u202egnp.exe\u200b\u2028\u0000\u001b[31m\u0085',
  '\ud800 lone',
  `${'../'.repeat(100)}etc/passwd`,
  '${7*7}{{7*7}}<%= 7*7 %>',
  'x'.repeat(20_000),
];

/** A refusal in which every text that a publisher, a registry or a person controls is hostile. */
function hostileRefusal(text: string): Partial<Refusal> {
  const finding: Finding = {
    rule: 'symlink',
    level: 'error',
    message: text,
    entry: text,
    layer: 'tar',
    offset: 0,
  };
  return {
    ...refusalOf('evil', '1.0.0'),
    label: text,
    registry: text,
    identity: { format: 'npm', name: text, version: text },
    text: `${text}\n${text}`,
    findings: [finding, { ...finding, level: 'warning' }, { ...finding, rule: text as 'symlink' }],
  };
}

describe.each(TEXTS)('the text %j', (text) => {
  it('stays text on every page, and in every state of a request', async () => {
    const { service, url } = served;
    const { id } = service.refuse(hostileRefusal(text));
    const by = { name: text, role: 'requester', private: [] } as const;
    const request = await service.ask(id, { by, reason: text });
    const visitor = new Visitor(url);
    await visitor.signIn(TOKENS.ada);
    const addresses = [
      `/-/tarwarden/refusals/${id}`,
      '/-/tarwarden/approvals?state=all',
      `/-/tarwarden/approvals/${request.id}`,
    ];
    for (const address of addresses) {
      const page = await visitor.get(address);
      expect(page.status).toBe(200);
      expectHarmless(page);
    }
    const address = addresses[2]!;
    const wrong = await visitor.post(await visitor.get(address), `${address}/approve`, {
      until: text.slice(0, 100),
      reason: text.repeat(Math.ceil(2_000 / text.length)).slice(0, 2_000),
    });
    expect(wrong.status).toBe(400);
    expectHarmless(wrong);
    const decided = { by: { ...by, name: `${text} 2`, role: 'approver' }, reason: text } as const;
    await service.approve(request.id, { ...decided, until: '2027-01-01' });
    expectHarmless(await visitor.get(address));
    await service.revoke(request.id, decided);
    expectHarmless(await visitor.get(address));
  });

  it('in an address is not on the page of the answer', async () => {
    const visitor = new Visitor(served.url);
    const query = new URLSearchParams({ '': text.slice(0, 2_000) }).toString().slice(1);
    await visitor.signIn(TOKENS.ada);
    for (const path of ['approvals?state=', 'requests?page=', 'sign-in?next=']) {
      const page = await visitor.get(`/-/tarwarden/${path}${query}`);
      expectHarmless(page);
      expect(page.html).not.toContain(text.slice(0, 30));
    }
  });
});

it('a whole long name is on the page, folded and cut at a limit', async () => {
  const long = `${'a'.repeat(3_000)}.js`;
  const { id } = served.service.refuse(hostileRefusal(long));
  const visitor = new Visitor(served.url);
  await visitor.signIn(TOKENS.rob);
  const page = await visitor.get(`/-/tarwarden/refusals/${id}`);
  expect(page.text).toContain('The whole text, 3003 characters');
  expect(page.text).toContain(long);
  expect(page.text).toContain(`Refused: ${'a'.repeat(160)}…`);
});

describe('markup', () => {
  it('escapes values in content and in attributes, and contains other markup unchanged', () => {
    const inner = markup`<b>${'<i>'}</b>`;
    expect(markup`<a title="${`"'<>&`}">${[inner, NOTHING, 5]}</a>`.text).toBe(
      '<a title="&quot;&#39;&lt;&gt;&amp;"><b>&lt;i&gt;</b>\n\n5</a>',
    );
  });

  it.each(['pages', 'browser', 'commands/sweep/page'])(
    'in %s has values only in content and in quoted attributes',
    (folder) => {
      const path = join(repository, 'packages/server/src', folder);
      const texts = readdirSync(path).map((file) => readFileSync(join(path, file), 'utf8'));
      expect(texts.length).toBeGreaterThan(2);
      expect(
        texts.flatMap((text) => [...text.matchAll(/(?<!;)\s[\w-]+=\$\{.*/g)].map(String)),
      ).toEqual([]);
      expect(texts.join('')).not.toMatch(/<script|\bon[a-z]+="|\bstyle="/);
    },
  );

  it('is not made by an object that looks like it', () => {
    const fake = { text: '<script>' } as unknown as typeof inner;
    const inner = markup`x`;
    expect(() => markup`${fake}`.text).toThrow(TypeError);
  });
});
