/* The page of a report: well-formed, without script or network, and nothing in it but text of what an attacker named. */
import { createHash } from 'node:crypto';
import { parse, defaultTreeAdapter as tree, type DefaultTreeAdapterTypes } from 'parse5';
import { describe, expect, it } from 'vitest';
import { reportPage } from '../../../../packages/server/src/commands/sweep/page/page.ts';
import type { SweepReport } from '../../../../packages/server/src/sweep/ledger/report.ts';
import { count, reportOf } from './report-of.ts';

type Element = DefaultTreeAdapterTypes.Element;

interface Page {
  readonly html: string;
  readonly errors: readonly string[];
  readonly elements: readonly Element[];
  /** What a reader sees. */
  readonly text: string;
}

function pageOf(report: SweepReport): Page {
  const html = reportPage(report, new Date('2026-11-26T10:00:00Z'));
  const errors: string[] = [];
  const document = parse(html, { onParseError: ({ code }) => errors.push(code) });
  const elements: Element[] = [];
  const texts: string[] = [];
  const walk = (node: DefaultTreeAdapterTypes.Node): void => {
    if (tree.isElementNode(node)) elements.push(node);
    if (tree.isTextNode(node)) texts.push(node.value);
    for (const child of 'childNodes' in node ? node.childNodes : []) walk(child);
  };
  walk(document);
  return { html, errors, elements, text: texts.join('') };
}

const attribute = ({ attrs }: Element, name: string): string | undefined =>
  attrs.find((one) => one.name === name)?.value;

const named = ({ elements }: Page, name: string): Element[] =>
  elements.filter(({ tagName }) => tagName === name);

/** All that the page is made of. */
const ELEMENTS = new Set(
  'html head meta title style body main header h1 h2 p dl div dt dd section ul li span svg desc g rect line text details summary table caption thead tbody tr th td bdi footer'.split(
    ' ',
  ),
);
const ATTRIBUTES =
  /^(?:aria-labelledby|charset|class|content|height|http-equiv|id|lang|name|role|scope|viewBox|width|x|x1|x2|y|y1|y2)$/;

const empty = {
  verdicts: 0,
  rejected: 0,
  warned: 0,
  versions: 0,
  notInspected: 0,
  byRule: [],
  byYear: [],
  byPacker: [],
  newlyRejected: { since: null, archives: 0, byRule: [], newest: [] },
  whyNotInspected: [],
} satisfies Partial<SweepReport>;

const HOSTILE = [
  '</title></svg></style><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '<!--',
  ']]>',
  '&lt;b&gt;',
  '\u202eevil\u2066\u200b\u0000\u001b[31m\u009b',
  '{{constructor}}',
];

function hostile(): SweepReport {
  const counts = HOSTILE.map((key) => count(key, 5, [1, 1]));
  return reportOf({
    ruleset: HOSTILE[0]!,
    byRule: counts,
    byYear: counts,
    byPacker: counts,
    newlyRejected: {
      since: '2026-11-01',
      archives: 8,
      byRule: counts,
      newest: HOSTILE.map((text) => ({
        name: text,
        version: text,
        rules: [text],
        inspected: text,
      })),
    },
    whyNotInspected: HOSTILE.map((key) => ({ key, count: 1 })),
  });
}

describe.each([
  ['an ordinary report', reportOf()],
  ['a report without anything', reportOf(empty)],
  [
    'a report of all time',
    reportOf({ newlyRejected: { ...reportOf().newlyRejected, since: null } }),
  ],
  ['a hostile report', hostile()],
])('the page of %s', (_, report) => {
  const page = pageOf(report);

  it('is well-formed, of known elements and attributes', () => {
    expect(page.errors).toEqual([]);
    expect(page.elements.map(({ tagName }) => tagName).filter((one) => !ELEMENTS.has(one))).toEqual(
      [],
    );
    const attributes = page.elements.flatMap(({ attrs }) => attrs.map(({ name }) => name));
    expect(attributes.filter((name) => !ATTRIBUTES.test(name))).toEqual([]);
  });

  it('loads nothing, and has a policy by which a browser would not', () => {
    expect(page.html).not.toMatch(/@import|url\(|https?:/);
    const [policy] = named(page, 'meta').filter(
      (one) => attribute(one, 'http-equiv') !== undefined,
    );
    const style = named(page, 'style').map((one) => (one.childNodes[0] as { value: string }).value);
    expect(style.length).toBe(1);
    const hash = createHash('sha256').update(style[0]!).digest('base64');
    expect(attribute(policy!, 'content')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
  });

  it('has a name and a description for each chart, and a table beside it', () => {
    const ids = page.elements.flatMap((one) => attribute(one, 'id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const meant = page.elements.flatMap(
      (one) => attribute(one, 'aria-labelledby')?.split(' ') ?? [],
    );
    expect(meant.filter((id) => !ids.includes(id))).toEqual([]);
    for (const svg of named(page, 'svg')) {
      expect(attribute(svg, 'role')).toBe('img');
      expect(
        svg.childNodes.flatMap((one) => ('tagName' in one ? one.tagName : [])).slice(0, 2),
      ).toEqual(['title', 'desc']);
    }
  });

  it('draws nothing outside its picture', () => {
    for (const rect of named(page, 'rect')) {
      const [x, width, height] = ['x', 'width', 'height'].map((name) =>
        Number(attribute(rect, name)),
      );
      expect(width).toBeGreaterThan(0);
      expect(height).toBeGreaterThan(0);
      expect(x! + width!).toBeLessThanOrEqual(960);
    }
    expect(page.html).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('what an attacker named', () => {
  it('is text, with what a browser would obey or hide as escapes', () => {
    const page = pageOf(hostile());
    expect(page.text).toContain('</title></svg></style><script>alert(1)</script>');
    expect(page.text).toContain('"><img src=x onerror=alert(1)>');
    expect(page.text).toContain('\\u202eevil\\u2066\\u200b\\x00\\x1b[31m\\x9b');
    // oxlint-disable-next-line no-control-regex -- these are what must not be there
    expect(page.html).not.toMatch(/[\u202e\u2066\u200b\u0000\u001b\u009b]/);
  });

  it('is cut where it is long', () => {
    const name = 'x'.repeat(1_000_000);
    const rows = [{ name, version: name, rules: [name], inspected: '' }];
    const page = pageOf(
      reportOf({ newlyRejected: { since: null, archives: 1, byRule: [], newest: rows } }),
    );
    expect(page.html.length).toBeLessThan(50_000);
  });
});

describe('the charts', () => {
  const many = Array.from({ length: 101 }, (_, at) => count(`packer ${at}`, 1000 - at, [1, 2]));

  it('sum up what is beyond their rows, and the table has all rows', () => {
    const others = { ...count('others', 5, [0, 0]), keys: 7000 };
    const page = pageOf(reportOf({ byPacker: [...many.slice(0, 100), others] }));
    expect(page.text).toContain('7,081 others');
    expect(page.text).toContain('7,000 others');
    expect(page.text).toContain('packer 99');
  });

  it('show little as little, not as nothing', () => {
    const page = pageOf(reportOf({ byRule: [count('a', 30_000_000), count('b', 1, [1, 0])] }));
    const widths = named(page, 'rect').map((one) => Number(attribute(one, 'width')));
    expect(Math.min(...widths)).toBe(1);
    expect(page.text).toContain('30,000,000');
  });

  it('show the years of most versions, whatever years there are', () => {
    const years = [
      count('2025', 500),
      ...Array.from({ length: 99 }, (_, at) => count(`${4000 + at}`, 1)),
    ];
    const page = pageOf(reportOf({ byYear: years }));
    const drawn = named(page, 'title').flatMap(
      (one) => (one.childNodes[0] as { value: string }).value,
    );
    expect(drawn.filter((title) => /^\d{4}: /.test(title)).length).toBe(2 * 30);
    expect(drawn.some((title) => title.startsWith('2025: '))).toBe(true);
  });

  it('say of nothing that there is none', () => {
    const { text } = pageOf(reportOf(empty));
    expect(text).toContain('No rule found anything.');
    expect(text).toContain('Everything was inspected.');
    expect(text).toContain('Nothing was rejected.');
  });
});
