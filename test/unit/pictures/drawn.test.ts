/** The pictures of the README are what their data gives, and what GitHub shows: small SVG without scripts or other hosts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../../support/managers.ts';
import { drawn, picturesFolder } from '../../support/pictures/drawn.ts';
import { WIDTH } from '../../support/pictures/svg.ts';
import { flawsOf } from '../../support/well-formed.ts';

const read = (name: string): string => readFileSync(join(picturesFolder, name), 'utf8');
const pictures = drawn(read);

/** Bytes of one picture. */
const MOST = 20_000;

it('every picture is drawn from data, and in a README with what it shows', () => {
  const files = readdirSync(picturesFolder).filter((name) => name.endsWith('.svg'));
  expect(new Set(files)).toEqual(new Set(Object.keys(pictures)));
  const pages = ['README.md', 'docs/README.md'].map((page) =>
    readFileSync(join(repository, page), 'utf8'),
  );
  const shown = [
    ...pages.join('').matchAll(/!\[([^\]]{20,})\]\((?:docs\/)?pictures\/([\w-]+\.svg)\)/g),
  ];
  expect(new Set(shown.map(([, , name]) => name))).toEqual(new Set(files));
});

describe.each(Object.entries(pictures))('%s', (name, picture) => {
  it('is as `pnpm pictures` draws it', () => {
    expect(read(name)).toBe(picture);
  });

  it('is well-formed, small, and as wide as a README', () => {
    expect(flawsOf(picture)).toEqual([]);
    expect(Buffer.byteLength(picture)).toBeLessThan(MOST);
    expect(picture).toMatch(
      new RegExp(
        `^<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} \\d+" width="800"`,
      ),
    );
  });

  it('has a title and a description', () => {
    expect(picture).toMatch(/<title id="title">[^<]{10,}<\/title>/);
    expect(picture).toMatch(/<desc id="description">[^<]{100,}<\/desc>/);
    expect(picture).toContain('role="img" aria-labelledby="title description"');
  });

  it('runs nothing, loads nothing, and has text of 12 pixels at least', () => {
    expect(picture).not.toMatch(
      /<(?:script|image|foreignObject|iframe|use|a)\b|\son\w+=|@import|@font-face/i,
    );
    const addresses = [...picture.matchAll(/(?:https?:)?\/\/[^\s"'<]+|url\([^)]*\)/g)].map(
      ([address]) => address,
    );
    const own = /^(?:http:\/\/www\.w3\.org\/2000\/svg|url\(#glass\)|http:\/\/127\.0\.0\.1:….*)$/;
    expect(addresses.filter((address) => !own.test(address))).toEqual([]);
    const sizes = [...picture.matchAll(/font: (\d+)px/g)].map(([, size]) => Number(size));
    expect(sizes.length).toBeGreaterThan(0);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(12);
  });

  it('shows nothing beyond its edges', () => {
    const edges = [...picture.matchAll(/<rect [^>]*?\bx="([\d.]+)"[^>]*? width="([\d.]+)"/g)];
    expect(edges.length).toBeGreaterThan(0);
    expect(edges.filter(([, x, width]) => Number(x) + Number(width) > WIDTH)).toEqual([]);
  });
});

it('a picture is legible in the light and in the dark', () => {
  for (const name of ['five-trees.svg', 'where.svg'])
    expect(pictures[name]).toContain('@media (prefers-color-scheme: dark)');
});
