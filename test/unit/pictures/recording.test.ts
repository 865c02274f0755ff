import { describe, expect, it } from 'vitest';
import { masked, recording } from '../../support/pictures/recording.ts';
import { flawsOf } from '../../support/well-formed.ts';

const drawn = (...texts: string[]): string =>
  recording({
    command: 'demo',
    date: '2020-01-02',
    bursts: texts.map((text) => ({ after: 1, text })),
  });

describe('a recording', () => {
  it.each([
    [
      '    | source: http://127.0.0.1:34523/left-shift',
      '    | source: http://127.0.0.1:…/left-shift',
    ],
    [
      'log of this run can be found in: /tmp/tarwarden-demo-Nr/a/_logs/1.log',
      'log of this run can be found in: …',
    ],
    ['added 2 packages in 307ms', 'added 2 packages in …'],
    ['   The whole install took 2.2 s.', '   The whole install took ….'],
    ['   exit code 1, not 0', '   exit code 1, not 0'],
  ])('keeps nothing of the machine: %s', (raw, kept) => {
    expect(masked(raw)).toBe(kept);
  });

  it('wraps long lines further in, and cuts what has no space', () => {
    const picture = drawn(`    | ${'word '.repeat(30)}`, 'x'.repeat(250));
    const rows = [...picture.matchAll(/<text class="row[^>]*>([^<]*)</g)].map(([, row]) => row!);
    expect(rows.filter((row) => row.length > 102)).toEqual([]);
    expect(rows[2]).toMatch(/^ {6}word/);
    expect(rows.slice(3).map((row) => row.length)).toEqual([102, 102, 46]);
  });

  it('shows the last screen to who wants no motion', () => {
    const picture = drawn('line\n'.repeat(60));
    const [, still = '', moving = ''] =
      /^([^]*?)@media \(prefers-reduced-motion: no-preference\) \{([^]*?)\n\}/m.exec(picture) ?? [];
    expect(still).not.toContain('animation');
    expect(moving.match(/animation: /g)).toHaveLength(2);
    const [, up = ''] = /class="roll" transform="translate\(0 (-\d+)\)"/.exec(picture) ?? [];
    const frames = /@keyframes roll \{\n([^]*?)\n\}/.exec(picture)?.[1]?.split('\n') ?? [];
    // A program that draws only the first moment shows the last screen as well.
    expect(frames[0]).toBe(`0% { transform: translateY(${up}px) }`);
    expect(frames.at(-1)).not.toBe(frames[0]);
  });

  it('is well-formed whatever was printed, also nothing', () => {
    expect(flawsOf(drawn('</text><script>&"\u001B[31m\u202E', ''))).toEqual([]);
    expect(flawsOf(drawn())).toEqual([]);
  });
});
