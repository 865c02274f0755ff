/** The picture "one archive, five trees", of what `pnpm pictures --measure` saw the clients install. */
import { type Box, type Colours, WIDTH, rect, svg, text, texts } from './svg.ts';
import { textWidth } from './text-width.ts';
import { ENTRIES } from './odd-package.ts';

export interface Installed {
  readonly title: string;
  readonly version: string;
  /** The day of the measurement. */
  readonly date: string;
  /** Files and links that lay in the folder of the package, by path. */
  readonly tree: Readonly<Record<string, 'file' | 'link'>>;
  /** What came of it under the built guard; absent where the client has none. */
  readonly guarded?: string;
}

export interface FiveTrees {
  /** Of what is in the archive: trees of another archive are out of date. */
  readonly digest: string;
  readonly clients: Readonly<Record<string, Installed>>;
}

const MARGIN = 16;
const GAP = 10;
const CARDS = 104;
const HEAD = 56;
const ROW = 25;
const FOOT = 44;
/** The width of a sign in the legend. */
const SIGN = 28;

const coloured = (colours: Colours): string => `
.some { fill: ${colours.odd} }
.some-ground { fill: ${colours.oddGround} }
.away { stroke: ${colours.faint}; stroke-width: 1.5; stroke-dasharray: 2 4 }
.pill { fill: ${colours.stopGround}; stroke: ${colours.stop} }
.outlined { fill: none; stroke: ${colours.stop}; stroke-dasharray: 4 3 }
`;

export function fiveTrees({ clients }: FiveTrees): string {
  const all = Object.values(clients);
  const width = (WIDTH - 2 * MARGIN - (all.length - 1) * GAP) / all.length;
  const bottom = CARDS + HEAD + ENTRIES.length * ROW + FOOT;
  const isShared = (path: string): boolean => all.every(({ tree }) => path in tree);
  const cards = all.flatMap((client, at) => {
    const x = MARGIN + at * (width + GAP);
    return [wire(x + width / 2), ...card(client, { x, width, isShared })];
  });
  return svg({
    title: 'One archive, five clients, five different trees',
    description: describe(all),
    height: bottom + 110,
    coloured,
    body: [
      ...archive(),
      ...cards,
      ...legend(bottom + 6),
      // In one text, so that the second part follows the first one in every font.
      texts(
        [MARGIN, bottom + 50],
        [
          ['strong', 'With tarwarden,'],
          ['quiet', 'nothing of this archive is unpacked'],
        ],
      ),
      ...all.flatMap((client, at) =>
        outcome(client, { x: MARGIN + at * (width + GAP), y: bottom + 62, width, height: 30 }),
      ),
    ],
  });
}

function archive(): string[] {
  const box = { x: WIDTH / 2 - 150, y: 16, width: 300, height: 50 };
  return [
    rect('card', box),
    text('mono strong middle', [WIDTH / 2, 37], 'odd-package-1.0.0.tgz'),
    text('quiet middle', [WIDTH / 2, 56], 'the same bytes for each of them'),
  ];
}

/** From the archive to a card. */
function wire(x: number): string {
  const [from, to] = [66, CARDS];
  const half = (from + to) / 2;
  return `<path class="wire" d="M${WIDTH / 2} ${from}C${WIDTH / 2} ${half} ${x} ${half} ${x} ${to}"/>`;
}

interface Place {
  readonly x: number;
  readonly width: number;
  /** Whether all clients have the file. */
  readonly isShared: (path: string) => boolean;
}

function card({ title, version, tree }: Installed, { x, width, isShared }: Place): string[] {
  const rows = ENTRIES.flatMap((path, at) => {
    const y = CARDS + HEAD + at * ROW;
    const kind = tree[path];
    const line = `<line class="away" x1="${x + 14}" x2="${x + width - 14}" y1="${y + 8}" y2="${y + 8}"/>`;
    if (kind === undefined) return [line];
    const name = kind === 'link' ? `${path} →` : path;
    if (isShared(path)) return [text('mono', [x + 14, y + 13], name)];
    return [
      rect('some-ground', { x: x + 7, y: y - 3, width: width - 14, height: 22 }, 4),
      text('mono some', [x + 14, y + 13], name),
    ];
  });
  const count = Object.keys(tree).length;
  return [
    rect('card', { x, y: CARDS, width, height: HEAD + ENTRIES.length * ROW + FOOT - 14 }),
    text('strong', [x + 14, CARDS + 24], title),
    text('quiet', [x + 14, CARDS + 42], version),
    ...rows,
    text('quiet', [x + 14, CARDS + HEAD + ENTRIES.length * ROW + 18], `${count} files`),
  ];
}

function legend(y: number): string[] {
  const parts: string[] = [];
  let x = MARGIN;
  const add = (sign: (x: number) => string, words: string): void => {
    parts.push(sign(x), text('quiet', [x + SIGN + 8, y + 4], words));
    x += Math.ceil(SIGN + 8 + textWidth(words, { classes: 'quiet' }) + 24);
  };
  add(
    (at) => rect('some-ground', { x: at, y: y - 8, width: SIGN, height: 16 }, 4),
    'not in every tree',
  );
  add(
    (at) => `<line class="away" x1="${at}" x2="${at + SIGN}" y1="${y}" y2="${y}"/>`,
    'left out by this client',
  );
  add((at) => text('mono quiet middle', [at + SIGN / 2, y + 4], '→'), 'a link');
  return parts;
}

/** A pill under a card: solid where a guard was in the install, dashed where `tarwarden scan` looked at the archive. */
function outcome({ guarded }: Installed, box: Box): string[] {
  return [
    rect(guarded === undefined ? 'outlined' : 'pill', box, 15),
    text(
      'stop strong middle',
      [box.x + box.width / 2, box.y + 20],
      guarded === undefined ? 'scan: rejected' : `install ${guarded}`,
    ),
  ];
}

function describe(clients: readonly Installed[]): string {
  const trees = clients.map(
    ({ title, version, tree }) =>
      `${title} ${version} installs ${ENTRIES.filter((path) => path in tree).join(', ')}.`,
  );
  const guarded = clients.filter((client) => client.guarded !== undefined);
  const names = guarded.map(({ title }) => title).join(', ');
  return `${trees.join(' ')} Under tarwarden the install is refused by ${names}; for the others tarwarden scan rejects the archive.`;
}
