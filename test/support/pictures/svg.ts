/** What the pictures of the README share: one frame, one set of colours, and text that stays text. */

/** All are as wide as the column of a README; the text in them is readable there. */
export const WIDTH = 800;

export interface Picture {
  readonly title: string;
  /** What the picture shows, for somebody who does not see it. */
  readonly description: string;
  readonly height: number;
  /** More rules of style, after the shared ones: those with colours, and others. */
  readonly coloured: (colours: Colours) => string;
  readonly style?: string;
  readonly body: readonly string[];
}

export interface Colours {
  readonly ground: string;
  readonly card: string;
  readonly line: string;
  readonly text: string;
  readonly quiet: string;
  readonly faint: string;
  readonly own: string;
  readonly ownGround: string;
  readonly odd: string;
  readonly oddGround: string;
  readonly stop: string;
  readonly stopGround: string;
}

const LIGHT: Colours = {
  ground: '#ffffff',
  card: '#f6f8fa',
  line: '#d1d9e0',
  text: '#1f2328',
  quiet: '#59636e',
  faint: '#aab3bd',
  own: '#0550ae',
  ownGround: '#ddf4ff',
  odd: '#7d4e00',
  oddGround: '#fff3c4',
  stop: '#b3202c',
  stopGround: '#ffebe9',
};

const DARK: Colours = {
  ground: '#0d1117',
  card: '#151b23',
  line: '#3d444d',
  text: '#f0f6fc',
  quiet: '#9aa4af',
  faint: '#5b646e',
  own: '#79b8ff',
  ownGround: '#10243e',
  odd: '#e3b341',
  oddGround: '#322608',
  stop: '#ff7b72',
  stopGround: '#34181b',
};

const FONTS = `
text { font: 13px -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif }
.mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }
.strong { font-weight: 600 }
.middle { text-anchor: middle }
`;

const shared = (colours: Colours): string => `
text { fill: ${colours.text} }
.quiet { fill: ${colours.quiet} }
.own { fill: ${colours.own} }
.stop { fill: ${colours.stop} }
.ground { fill: ${colours.ground}; stroke: ${colours.line} }
.card { fill: ${colours.card}; stroke: ${colours.line} }
.wire { fill: none; stroke: ${colours.line}; stroke-width: 1.5 }
`;

/**
 * The colours follow the reader's scheme. What is behind the text belongs to the picture, since a page may be dark where the
 * system is light. Without variables, which some programs that draw SVG do not know.
 */
function styleOf(coloured: (colours: Colours) => string): string {
  const all = (colours: Colours): string => `${shared(colours)}${coloured(colours).trim()}\n`;
  return `${FONTS.trim()}${all(LIGHT)}@media (prefers-color-scheme: dark) {${all(DARK)}}\n`;
}

/** A picture as a file. */
export function svg({ title, description, height, coloured, style = '', body }: Picture): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<style>${styleOf(coloured)}${style}</style>`,
    `<rect class="ground" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function rect(name: string, { x, y, width, height }: Box, radius = 6): string {
  return `<rect class="${name}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"/>`;
}

export function text(name: string, [x, y]: readonly [number, number], words: string): string {
  return `<text${name === '' ? '' : ` class="${name}"`} x="${x}" y="${y}">${escaped(words)}</text>`;
}

/** Texts of several classes in one line. Each follows the one before it, whatever font the reader has. */
export function texts(
  [x, y]: readonly [number, number],
  parts: readonly (readonly [name: string, words: string])[],
): string {
  const spans = parts.map(([name, words]) => `<tspan class="${name}">${escaped(words)}</tspan>`);
  return `<text x="${x}" y="${y}">${spans.join(' ')}</text>`;
}

/** Text that no XML reader takes for anything else. */
export function escaped(raw: string): string {
  return raw
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\uFFFE\uFFFF]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
