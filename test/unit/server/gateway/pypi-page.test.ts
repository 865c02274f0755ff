/* What the gateway reads in pages of indexes, and writes. */
import { describe, expect, it } from 'vitest';
import {
  projectPage,
  type ProjectFile,
} from '../../../../packages/server/src/gateway/pypi/project-page.ts';
import { versionsOf } from '../../../../packages/server/src/gateway/pypi/file-names.ts';
import { pypiAskedBy } from '../../../../packages/server/src/gateway/pypi/requests.ts';
import { htmlTags } from '../../../../packages/server/src/gateway/pypi/tags.ts';
import {
  answeredType,
  JSON_TYPE,
  writtenPage,
} from '../../../../packages/server/src/gateway/pypi/write-page.ts';

const PAGE = new URL('https://index.example/simple/thing/');
const SHA = 'ab'.repeat(32);
const read = (text: string, type = 'text/html'): readonly ProjectFile[] =>
  projectPage(Buffer.from(text), { project: 'thing', type, url: PAGE }).files;
const names = (text: string): string[] => read(text).map(({ fileName }) => fileName);
const urls = (text: string): string[] => read(text).map(({ url }) => url);

describe('tags', () => {
  it.each<[string, string[]]>([
    ['<a href="x">', ['a x']],
    ["<A HREF='x'>", ['a x']],
    ['<a href=x>', ['a x']],
    ['<a\n data-x="a > b"\n href = "x" >', ['a x']],
    ['<!-- <a href="x"> --><a href="y">', ['a y']],
    ['<!-- <a href="x">', []],
    ['<script>"<a href=x>"</script><a href="y">', ['a y']],
    ['<a href="a&amp;b&#38;c&#x26;d&lt;&quot;">', ['a a&b&c&d<"']],
    ['<a href="x" href="y">', ['a x']],
    ['<a href="x', []],
    ['< a href="x">', []],
    ['</a href="x">', []],
    ['<a href>', ['a ']],
    ['<a href="&#0;&#x110000;&nosuch;">', ['a &#0;&#x110000;&nosuch;']],
  ])('of %j', (text, expected) => {
    expect(
      [...htmlTags(text)].flatMap(({ name, attributes }) =>
        attributes.has('href') ? [`${name} ${attributes.get('href')}`] : [],
      ),
    ).toEqual(expected);
  });

  it('are found in one pass, whatever the page is', () => {
    for (const text of ['<a "', '<', '<!--', '<script>', '<a x="', '<p x>'])
      expect([...htmlTags(text.repeat(400_000))].length).toBeLessThanOrEqual(1);
  });
});

describe('a page of HTML', () => {
  it('has files, with what the index says of them', () => {
    const [file] = read(
      `<a href="../../f/thing-1.0-py3-none-any.whl#sha256=${SHA}" data-requires-python="&gt;=3.8" data-yanked="bad" data-dist-info-metadata="sha256=${SHA}">thing</a>`,
    );
    expect(file).toEqual({
      fileName: 'thing-1.0-py3-none-any.whl',
      version: '1.0',
      url: 'https://index.example/f/thing-1.0-py3-none-any.whl',
      hashes: { sha256: SHA },
      requiresPython: '>=3.8',
      yanked: 'bad',
      metadata: { sha256: SHA },
    });
  });

  it('names them by the first base, or by its own address', () => {
    const anchor = '<a href="thing-1.0.tar.gz">';
    expect(urls(anchor)).toEqual(['https://index.example/simple/thing/thing-1.0.tar.gz']);
    expect(urls(`<base href="//other.example/x/"><base href="/y/">${anchor}`)).toEqual([
      'https://other.example/x/thing-1.0.tar.gz',
    ]);
  });

  it('leaves out what no client takes, or each reads as another', () => {
    expect(
      names(
        [
          '<a href="other-1.0.tar.gz">thing-1.0.tar.gz</a>',
          '<a href="thing-1.0.egg">',
          '<a href="thing-1.0.exe">',
          '<a href="thing.tar.gz">',
          '<a href="file:///thing-1.0.tar.gz">',
          '<a href="javascript:thing-1.0.tar.gz">',
          '<a href="git+https://x/thing-1.0.tar.gz">',
          '<a href="..%2fthing-1.0.tar.gz">',
          '<a href="thing-1.0.tar.gz/">',
          '<a href="http://[/thing-1.0.tar.gz">',
        ].join(''),
      ),
    ).toEqual([]);
  });

  it('has one file of a name, the first', () => {
    const files = read(
      `<a href="/a/thing-1.0.tar.gz#sha256=${SHA}"><a href="/b/thing-1.0.tar.gz#sha256=${'cd'.repeat(32)}">`,
    );
    expect(files).toMatchObject([{ url: 'https://index.example/a/thing-1.0.tar.gz' }]);
  });

  it('has no user of an address, and no hash that is none', () => {
    expect(
      read('<a href="https://me:pw@index.example/thing-1.0.tar.gz?x=1#sha256=abcd&md5=zz">'),
    ).toMatchObject([{ url: 'https://index.example/thing-1.0.tar.gz?x=1', hashes: {} }]);
  });
});

describe('a page of JSON', () => {
  const page = (...files: object[]): readonly ProjectFile[] =>
    read(JSON.stringify({ files }), `${JSON_TYPE}; charset=utf-8`);

  it('has files, with what the index says of them', () => {
    expect(
      page({
        filename: 'thing-1.0.tar.gz',
        url: '/f/thing-1.0.tar.gz',
        hashes: { sha256: SHA.toUpperCase(), odd: 'ab', __proto__: 'x' },
        'requires-python': '>=3',
        yanked: true,
        'core-metadata': true,
        size: 7,
        'upload-time': '2020-01-01T00:00:00Z',
        provenance: 'https://elsewhere.example',
        'gpg-sig': true,
      }),
    ).toEqual([
      {
        fileName: 'thing-1.0.tar.gz',
        version: '1.0',
        url: 'https://index.example/f/thing-1.0.tar.gz',
        hashes: { sha256: SHA },
        requiresPython: '>=3',
        yanked: true,
        metadata: true,
        size: 7,
        uploadTime: '2020-01-01T00:00:00Z',
      },
    ]);
  });

  it('leaves out what has two names, and what is none', () => {
    expect(page({ filename: 'thing-1.0.tar.gz', url: '/f/thing-2.0.tar.gz' })).toEqual([]);
    expect(page({ filename: 1, url: 2 }, [], { url: '/f/thing-2.0.tar.gz' })).toEqual([]);
  });

  it.each(['{}', '[]', 'x', '{"files":{}}', 'null'])('is not %s', (text) => {
    expect(() => read(text, JSON_TYPE)).toThrow(/lists no files/);
  });

  it('is neither JSON nor HTML', () => {
    expect(() => read('x', 'application/octet-stream')).toThrow(/neither/);
  });
});

describe('a page that is written', () => {
  const files = read(
    `<a href="/thing-1.0+local.1-py3-none-any.whl#sha256=${SHA}" data-requires-python="&lt;4,&gt;=3 &quot;&gt;&lt;script&gt;" data-yanked="" data-core-metadata="true"></a>`,
  );

  it('is read again as the same, in both forms', () => {
    for (const type of [JSON_TYPE, 'text/html']) {
      const bytes = writtenPage({ project: 'thing', files }, 'https://gate.example/py', type);
      const again = projectPage(bytes, {
        project: 'thing',
        type,
        url: new URL('https://x.example'),
      });
      const url = 'https://gate.example/py/files/thing/thing-1.0%2Blocal.1-py3-none-any.whl';
      expect(again.files).toEqual(files.map((file) => ({ ...file, url })));
      expect(bytes.toString()).not.toContain('index.example');
      // pip 22.3 to 23.0 crash on the old name in JSON.
      expect(bytes.includes('dist-info-metadata')).toBe(type !== JSON_TYPE);
    }
  });

  it.each([
    [undefined, 'text/html; charset=utf-8'],
    ['text/html', 'text/html; charset=utf-8'],
    ['application/vnd.pypi.simple.v1+html, text/html;q=0.1', 'application/vnd.pypi.simple.v1+html'],
    ['application/vnd.pypi.simple.v1+json, text/html;q=0.1', JSON_TYPE],
    ['application/vnd.pypi.simple.latest+json', JSON_TYPE],
    ['*/*', 'text/html; charset=utf-8'],
  ])('for %s is %s', (accept, type) => {
    expect(answeredType(accept)).toBe(type);
  });
});

describe('versions', () => {
  it.each([
    ['thing-1.0-py3-none-any.whl', '1.0'],
    ['Thing-1.0.tar.gz', '1.0'],
    ['thing-1.0.tar.bz2', '1.0'],
    ['thing-1.0-2.zip', '1.0-2'],
    ['thing-.zip', undefined],
    ['thing-1.0.whl', undefined],
    ['thingy-1.0.tar.gz', undefined],
  ])('of %s: %s', (fileName, version) => {
    expect(versionsOf('thing')(fileName)).toBe(version);
  });

  it('of projects with hyphens are behind the name', () => {
    expect(versionsOf('a-b-c')('a_b-c-1.0.tar.gz')).toBe('1.0');
    expect(versionsOf('a-1-0')('a-1.0.tar.gz')).toBeUndefined();
  });
});

describe('what clients ask for', () => {
  it.each([
    ['/simple/', { kind: 'projects' }],
    ['/simple/thing/', { kind: 'page', project: 'thing' }],
    ['/simple/Some.Thing?x', { kind: 'page', project: 'some-thing' }],
    [
      '/files/thing/thing-1.0.tar.gz',
      { kind: 'file', project: 'thing', fileName: 'thing-1.0.tar.gz' },
    ],
    [
      '/files/thing/thing-1.0%2Bx.tar.gz.metadata',
      { kind: 'metadata', project: 'thing', fileName: 'thing-1.0+x.tar.gz' },
    ],
    ['/files/Thing/thing-1.0.tar.gz', { kind: 'nothing' }],
    ['/files/thing/../thing-1.0.tar.gz', { kind: 'nothing' }],
    ['/files/thing/..%2fx', { kind: 'nothing' }],
    ['/files/thing/%2e%2e', { kind: 'nothing' }],
    ['/files/thing/', { kind: 'nothing' }],
    ['/simple/thing//', { kind: 'nothing' }],
    ['/simple/../thing/', { kind: 'nothing' }],
    ['/simple/thing/x', { kind: 'nothing' }],
    ['//simple/thing/', { kind: 'nothing' }],
    ['/simple/%E0%A4%A/', { kind: 'nothing' }],
    ['/pypi/thing/json', { kind: 'nothing' }],
    ['http://elsewhere.example/simple/thing/', { kind: 'nothing' }],
  ])('%s', (target, expected) => {
    expect(pypiAskedBy(target)).toEqual(expected);
  });
});
