/** The picture "where the guard is": between fetching and unpacking, in each manager. The table agrees with docs/managers/*-internals.md. */
import { type Colours, WIDTH, rect, svg, text } from './svg.ts';
import { textWidth } from './text-width.ts';

interface Row {
  readonly name: string;
  /** The page in docs/managers with the same facts, without `-internals.md`. */
  readonly page: string;
  readonly resolve: string;
  readonly fetch: string;
  /** What the client loads or talks to; and by which of its own means. */
  readonly guard: readonly [loaded: string, how: string];
  readonly unpack: string;
  readonly run: string;
}

export const ROWS: readonly Row[] = [
  {
    name: 'npm',
    page: 'npm',
    resolve: 'package-lock.json',
    fetch: 'by npm',
    guard: ['preload.cjs', 'loaded by Node'],
    unpack: 'node_modules',
    run: 'install scripts',
  },
  {
    name: 'pnpm',
    page: 'pnpm',
    resolve: 'pnpm-lock.yaml',
    fetch: 'by the hook',
    guard: ['pnpmfile', "a hook of pnpm's"],
    unpack: "pnpm's store",
    run: 'install scripts',
  },
  {
    name: 'Yarn',
    page: 'yarn',
    resolve: 'yarn.lock',
    fetch: 'by Yarn',
    guard: ['plugin', 'loaded by Yarn'],
    unpack: 'zip in the cache',
    run: 'install scripts',
  },
  {
    name: 'Yarn 1',
    page: 'yarn-classic',
    resolve: 'yarn.lock',
    fetch: 'by Yarn',
    guard: ['preload.cjs', 'loaded by Node'],
    unpack: 'folder in the cache',
    run: 'install scripts',
  },
  {
    name: 'bun',
    page: 'bun',
    resolve: 'bun.lock',
    fetch: 'by the wrapper',
    guard: ['scanner.mjs', 'asked by bun'],
    unpack: 'node_modules',
    run: 'trusted scripts',
  },
  {
    name: 'pip',
    page: 'pip',
    resolve: 'index of PyPI',
    fetch: 'by pip',
    guard: ['sitecustomize.py', 'loaded by Python'],
    unpack: 'site-packages',
    run: 'builds of sdists',
  },
  {
    name: 'gem',
    page: 'ruby',
    resolve: 'index of gems',
    fetch: 'by RubyGems',
    guard: ['tarwarden.rb', 'loaded by Ruby'],
    unpack: 'folder of gems',
    run: 'native extensions',
  },
  {
    name: 'bundle',
    page: 'ruby',
    resolve: 'Gemfile.lock',
    fetch: 'by Bundler',
    guard: ['tarwarden.rb', 'loaded by Ruby'],
    unpack: 'folder of gems',
    run: 'native extensions',
  },
  {
    name: 'go',
    page: 'go',
    resolve: 'go.mod',
    fetch: 'by the gateway',
    guard: ['module proxy', 'on this machine'],
    unpack: 'module cache',
    run: 'none, to install',
  },
];

const STEPS = ['name', 'resolve', 'fetch', 'guard', 'unpack', 'run'] as const;
type Step = (typeof STEPS)[number];

/** The lines of a step, in all rows and in the head. */
const HEADS: Readonly<Record<Step, readonly string[]>> = {
  name: [],
  resolve: ['resolve'],
  fetch: ['fetch'],
  guard: ['tarwarden', 'inspects or refuses'],
  unpack: ['unpack, link'],
  run: ['run code'],
};
/** The classes of these lines. */
const CLASSES: Readonly<Record<Step, readonly string[]>> = {
  name: ['strong'],
  resolve: [],
  fetch: [],
  guard: ['mono strong'],
  unpack: [],
  run: [],
};
const TOP = 64;
const ROW = 44;
/** From the edge of the picture, and from the edge of the band, to the text. */
const MARGIN = 16;
const PADDING = 12;

/** The left edge of each step. Each step is as wide as its longest text, and the rest of the width is between them. */
const COLUMNS: Readonly<Record<Step, number>> = columns();
const BAND = {
  left: COLUMNS.guard - PADDING,
  right: COLUMNS.guard + widthOf('guard') + PADDING,
} as const;

function columns(): Record<Step, number> {
  const widths = STEPS.map(widthOf);
  const total = widths.reduce((sum, width) => sum + width, 0);
  const gap = (WIDTH - 2 * MARGIN - 2 * PADDING - total) / (STEPS.length - 1);
  let x = MARGIN;
  const edges = STEPS.map((step, at) => {
    // The band has its own edges around the text.
    if (step === 'guard') x += PADDING;
    const edge = Math.floor(x);
    x += (widths[at] ?? 0) + gap + (step === 'guard' ? PADDING : 0);
    return [step, edge] as const;
  });
  return Object.fromEntries(edges) as Record<Step, number>;
}

function widthOf(step: Step): number {
  const widths = ROWS.flatMap((row) => {
    const lines = [row[step]].flat();
    return lines.map((line, at) => textWidth(line, { classes: CLASSES[step][at] ?? '' }));
  });
  const heads = HEADS[step].map((line, at) =>
    textWidth(line, { classes: at === 0 ? 'strong' : '' }),
  );
  return Math.ceil(Math.max(...widths, ...heads));
}

const coloured = (colours: Colours): string => `
.band { fill: ${colours.ownGround}; stroke: ${colours.own} }
.rule { stroke: ${colours.line} }
.arrow { fill: none; stroke: ${colours.quiet}; stroke-width: 1.5 }
`;

export function where(): string {
  const bottom = TOP + ROWS.length * ROW;
  return svg({
    title: 'Where the guard is in each manager',
    description: describe(),
    height: bottom + 20,
    coloured,
    body: [
      rect('band', { x: BAND.left, y: 12, width: BAND.right - BAND.left, height: bottom - 4 }, 8),
      ...STEPS.filter((step) => step !== 'guard').flatMap((step) =>
        HEADS[step].map((head) => text('strong', [COLUMNS[step], 40], head)),
      ),
      text('strong own', [COLUMNS.guard, 32], HEADS.guard[0] ?? ''),
      text('own', [COLUMNS.guard, 49], HEADS.guard[1] ?? ''),
      ...[COLUMNS.fetch, BAND.left, COLUMNS.unpack, COLUMNS.run].map((x) => arrow(x - 16, 36)),
      ...ROWS.flatMap((row, at) => draw(row, TOP + at * ROW)),
    ],
  });
}

function arrow(x: number, y: number): string {
  return `<path class="arrow" d="M${x} ${y}h10m-4 -4l4 4l-4 4"/>`;
}

function draw({ name, resolve, fetch, guard, unpack, run }: Row, y: number): string[] {
  const line = y + 26;
  const rule = (from: number, to: number): string =>
    `<line class="rule" x1="${from}" x2="${to}" y1="${y}" y2="${y}"/>`;
  return [
    rule(MARGIN, BAND.left),
    rule(BAND.right, WIDTH - MARGIN),
    text('strong', [COLUMNS.name, line], name),
    text('quiet', [COLUMNS.resolve, line], resolve),
    text('quiet', [COLUMNS.fetch, line], fetch),
    text('mono own strong', [COLUMNS.guard, y + 19], guard[0]),
    text('own', [COLUMNS.guard, y + 35], guard[1]),
    text('quiet', [COLUMNS.unpack, line], unpack),
    text('quiet', [COLUMNS.run, line], run),
  ];
}

function describe(): string {
  const rows = ROWS.map(
    ({ name, fetch, guard: [loaded, how], unpack, run }) =>
      `${name}: fetched ${fetch}, inspected by ${loaded} (${how}), unpacked to ${unpack}; code that runs then: ${run}.`,
  );
  return `Each manager resolves, fetches, unpacks, and runs code, in this order. The guard is between fetching and unpacking. ${rows.join(' ')}`;
}
