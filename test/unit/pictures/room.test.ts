/** With the widest common font, no text of a picture runs into another one, over a frame, or over the edge. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../../support/managers.ts';
import { textWidth } from '../../support/pictures/text-width.ts';

interface Extent {
  readonly words: string;
  readonly left: number;
  readonly right: number;
  readonly y: number;
}

const attribute = (element: string, name: string): string | undefined =>
  new RegExp(`\\b${name}="([^"]*)"`).exec(element)?.[1];
const plain = (words: string): string =>
  words.replaceAll(/&(?:lt|gt|quot);/g, '<').replaceAll('&amp;', '&');

function extentsOf(picture: string): Extent[] {
  return [...picture.matchAll(/<text\b([^>]*)>(.*?)<\/text>/g)].map(
    ([, element = '', inner = '']) => {
      const classes = (attribute(element, 'class') ?? '').replace('heading', 'strong');
      const size = classes.split(' ').includes('row') ? 12 : 13;
      const spans = [...inner.matchAll(/<tspan class="([^"]*)">([^<]*)<\/tspan>/g)];
      const parts = spans.length === 0 ? [['', classes, inner] as const] : spans;
      const width = parts.reduce(
        (sum, [, names = '', words = '']) =>
          sum + textWidth(`${plain(words)} `, { classes: names, size }),
        -textWidth(' ', { classes, size }),
      );
      const x = Number(attribute(element, 'x'));
      const isEnd = attribute(element, 'text-anchor') === 'end';
      const left = classes.includes('middle') ? x - width / 2 : isEnd ? x - width : x;
      return { words: plain(inner), left, right: left + width, y: Number(attribute(element, 'y')) };
    },
  );
}

const PICTURES = [
  'pictures/where.svg',
  'pictures/five-trees.svg',
  'pictures/demo.svg',
  'performance.svg',
];

describe.each(PICTURES)('%s', (name) => {
  const picture = readFileSync(join(repository, 'docs', name), 'utf8');
  const texts = extentsOf(picture);
  const [, width = ''] = /viewBox="0 0 (\d+) /.exec(picture) ?? [];

  it('keeps its texts apart, and off its edges', () => {
    expect(texts.length).toBeGreaterThan(10);
    expect(texts.filter(({ left, right }) => left < 10 || right > Number(width) - 10)).toEqual([]);
    const clashes = texts.flatMap((text, at) =>
      texts
        .slice(at + 1)
        .filter(({ y }) => Math.abs(y - text.y) < 12)
        .filter(({ left, right }) => left < text.right + 6 && text.left < right + 6)
        .map(({ words }) => [text.words, words]),
    );
    expect(clashes).toEqual([]);
  });

  it('keeps each text in its frame, or out of it', () => {
    const frames = [
      ...picture.matchAll(/<rect class="(?:band|card|pill|outlined|some-ground)"[^>]*>/g),
    ].map(([element]) => {
      const [x, y, wide, high] = ['x', 'y', 'width', 'height'].map((key) =>
        Number(attribute(element, key)),
      ) as [number, number, number, number];
      return { left: x, right: x + wide, top: y, bottom: y + high };
    });
    const crossings = texts.filter(({ left, right, y }) =>
      frames.some(
        (frame) =>
          y > frame.top &&
          y < frame.bottom &&
          left < frame.right &&
          right > frame.left &&
          (left < frame.left + 4 || right > frame.right - 4),
      ),
    );
    expect(crossings).toEqual([]);
  });
});

it('the measure is that of DejaVu Sans', () => {
  expect(textWidth('tarwarden inspects', { classes: 'strong' })).toBeCloseTo(144, -1);
  expect(textWidth('native extensions', { classes: 'quiet' })).toBeCloseTo(115, -1);
  expect(textWidth('package.json →', { classes: 'mono' })).toBeCloseTo(110, -1);
});
