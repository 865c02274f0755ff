import { describe, expect, it } from 'vitest';
import {
  filesOnPage,
  isPlainFileName,
  normalisedName,
} from '../../../../packages/audit/src/ecosystems/pypi/simple-index.ts';

const hex = 'ab'.repeat(32);
const sri = `sha256-${Buffer.from(hex, 'hex').toString('base64')}`;
const page = new URL('https://h.test/simple/a/');
const html = (text: string, url = page) =>
  filesOnPage(Buffer.from(text), { type: 'text/html; charset=utf-8', url });
const json = (value: unknown, url = page) =>
  filesOnPage(Buffer.from(JSON.stringify(value)), {
    type: 'application/vnd.pypi.simple.v1+json',
    url,
  });

describe('a page in HTML', () => {
  it.each([
    [`<a href="../../f/a-1.0.tar.gz#sha256=${hex}">x</a>`, 'https://h.test/f/a-1.0.tar.gz'],
    [`<A class=x HREF='a-1.0.tar.gz#sha256=${hex}'>x</A>`, `${page.href}a-1.0.tar.gz`],
    [`<a rel=">=3.8" href="a-1.0.tar.gz#sha256=${hex}">`, `${page.href}a-1.0.tar.gz`],
    [
      `<base href="https://f.test/x/"><a href="a-1.0.tar.gz?a=1&amp;b=2#egg=a&amp;sha256=${hex}">`,
      'https://f.test/x/a-1.0.tar.gz?a=1&b=2',
    ],
  ])('%s is a file', (text, url) => {
    expect(html(text)).toEqual([{ fileName: 'a-1.0.tar.gz', url, hashes: [sri] }]);
  });

  it.each([
    ['data-requires-python="&gt;=3.8"', { requiresPython: '>=3.8' }],
    ['data-core-metadata="true"', { metadata: '' }],
    [`data-dist-info-metadata="sha256=${hex.toUpperCase()}"`, { metadata: hex }],
  ])('says %s of a file', (attribute, words) => {
    expect(html(`<a ${attribute} href="a-1.0-py3-none-any.whl">`)).toMatchObject([words]);
  });

  it.each([
    ['no hash', '<a href="a-1.0.tar.gz">'],
    ['another hash', '<a href="a-1.0.tar.gz#md5=00">'],
    ['half a hash', '<a href="a-1.0.tar.gz#sha256=abab">'],
  ])('lists a file with %s as one that may have any', (_, text) =>
    expect(html(text)).toEqual([
      { fileName: 'a-1.0.tar.gz', url: `${page.href}a-1.0.tar.gz`, hashes: [] },
    ]),
  );

  it.each([
    ['in a comment', `<!-- <a href="a.whl#sha256=${hex}"> -->`],
    ['in a script', `<script>"<a href='a.whl#sha256=${hex}'>"</script>`],
    ['without quotes', `<a href=a.whl#sha256=${hex}>`],
    ['behind a slash', `<a/href="a.whl#sha256=${hex}">`],
    ['behind a value that looks like it', `<a title=" href='x' " href="a.whl#sha256=${hex}">`],
    ['in references', `<a href="a&#46;whl&#x23;sha256&#61;${hex}">`],
    ['with a long attribute before it', `<a x="${'x'.repeat(40_000)}" href="a.whl#sha256=${hex}">`],
    ['with its hash in a query', `<a href="a.whl?x&sha256=${hex}">`],
  ])('lists a file %s', (_, text) =>
    expect(html(text)).toMatchObject([{ fileName: 'a.whl', hashes: [sri] }]),
  );

  it('keeps a name that leads elsewhere, so that it is not taken for another', () => {
    expect(html(`<a href="..%2F..%2Fa.whl#sha256=${hex}">`)).toMatchObject([
      { fileName: '../../a.whl', hashes: [sri] },
    ]);
  });

  it.each([
    ['a quote that is not closed', `<a href="a-1.0.tar.gz#sha256=${hex}>`],
    ['a quote in a name', `<a " href="a.whl">`],
    ['a tag within a tag', `<a <a href="a.whl">`],
    ['no end', '<a href="a.whl"'],
    ['a quote within a value', `<a href=a"b>`],
    ['a value behind a value', `<a title="x"href="a.whl">`],
    ['a name of HTML that indexes do not write', `<a href="a.whl&num;sha256=${hex}">`],
  ])('that has a link with %s is an error', (_, text) =>
    expect(() => html(text)).toThrow(/its page has a link/),
  );

  it('has files at the place of an index asked with its user', () => {
    const url = new URL('https://me:secret@h.test/simple/a/');
    expect(html(`<a href="https://h.test/a.whl#sha256=${hex}">`, url)[0]?.url).toBe(
      'https://me:secret@h.test/a.whl',
    );
    expect(html(`<a href="https://f.test/a.whl#sha256=${hex}">`, url)[0]?.url).toBe(
      'https://f.test/a.whl',
    );
  });
});

describe('a page in JSON', () => {
  it('lists files with their hashes', () => {
    const files = [
      { filename: 'a.whl', url: 'a.whl', hashes: { sha256: hex, md5: '00' } },
      { filename: '../a.whl', url: 'a.whl', hashes: { sha256: hex } },
      { filename: 'b.whl', url: 'b.whl' },
      { filename: 'c.zip', url: 'c.whl', hashes: { sha256: hex } },
      null,
      3,
    ];
    const url = `${page.href}a.whl`;
    expect(json({ files })).toEqual([
      { fileName: 'a.whl', url, hashes: [sri] },
      // pip goes by the address, uv by the name.
      { fileName: 'a.whl', url, hashes: [sri] },
      { fileName: '../a.whl', url, hashes: [sri] },
      { fileName: 'b.whl', url: `${page.href}b.whl`, hashes: [] },
      { fileName: 'c.whl', url: `${page.href}c.whl`, hashes: [sri] },
      { fileName: 'c.zip', url: `${page.href}c.whl`, hashes: [sri] },
    ]);
  });

  it.each([[{}], [null], [{ files: {} }]])('%j is an error', (value) =>
    expect(() => json(value)).toThrow('lists no files'),
  );
});

describe('names', () => {
  it('of projects are compared as PEP 503 says', () => {
    expect(normalisedName('Some._-Project')).toBe('some-project');
  });

  it('of files lead nowhere else', () => {
    expect(['a-1.0.tar.gz', 'a-1.0+cpu-py3-none-any.whl'].map(isPlainFileName)).toEqual([
      true,
      true,
    ]);
    expect(['', '..', 'a/b', 'a\\b', '-a', 'a b'].some(isPlainFileName)).toBe(false);
  });

  it('of another type of page are not looked for', () => {
    expect(() => filesOnPage(Buffer.from(''), { type: 'text/plain', url: page })).toThrow(
      'neither',
    );
  });
});
