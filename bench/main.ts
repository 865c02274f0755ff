import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { heedInterrupts } from './interrupt.ts';
import { startMirror, type Mirror } from './mirror.ts';
import { readOptions, UsageError, type Options } from './options.ts';
import { PARTS } from './parts.ts';
import { chart } from './render/chart.ts';
import { growthChart } from './render/growth-chart.ts';
import { fillPage } from './render/page.ts';
import { tables } from './render/table.ts';
import { circumstances, merge, readReport, writeReport } from './report.ts';
import type { PartResult } from './result.ts';

const NAMES = Object.keys(PARTS);
const BY_NAME = NAMES.filter((name) => PARTS[name]!.byName);
const docs = (name: string): string => fileURLToPath(new URL(`../docs/${name}`, import.meta.url));

const HELP = `usage: pnpm bench [PART…] [--rounds N] [--disk] [--json FILE | --write]
       pnpm bench worst [--minutes N] [--seed N] [--found FILE]
       pnpm bench --render

Measures this project beside what it guards, in turn, and prints tables. Run \`pnpm build\` first.
What is fetched comes once from the registry that npm is configured for.

parts, with about the minutes that seven rounds take on two idle cores (all of them but ${BY_NAME.join(', ')}, unless some are named):
${Object.entries(PARTS)
  .map(
    ([name, { title, minutes }]) => `  ${name.padEnd(10)}${String(minutes).padStart(3)}  ${title}`,
  )
  .join('\n')}
  pnpm            all three of pnpm

  --rounds N      how often each thing is measured, after one time that does not count (7)
  --disk          install on disk, not on the RAM disk /dev/shm where there is one
  --before DIR    also measure the guards of a built checkout of another commit, in the same rounds (npm, pnpm, yarn)
  --minutes N     how long worst searches (10); --seed N starts another search (1)
  --found FILE    what worst found, as JSON, instead of printing it
  --json FILE     merge the results of these parts into a file
  --write         merge them into docs/performance.json; make the tables of docs/performance.md and docs/server/gateway.md and the charts of it
  --render        only make the tables and the charts
`;

async function main(argv: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = readOptions(argv, NAMES, BY_NAME);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`bench: ${error.message}\nTry: pnpm bench --help\n`);
    return 2;
  }
  if (options.help) process.stdout.write(HELP);
  else if (options.render) render();
  else await run(options);
  return 0;
}

async function run(options: Options): Promise<void> {
  const { parts, rounds, disk, before, minutes, seed, found, json, write } = options;
  heedInterrupts();
  let mirror: Promise<Mirror> | undefined;
  const context = {
    rounds,
    disk,
    before,
    minutes,
    seed,
    found,
    mirror: () => (mirror ??= startMirror()),
  };
  try {
    for (const name of parts) {
      const part = PARTS[name]!;
      const where = circumstances();
      const start = performance.now();
      const result = { ...where, rows: await part.run(context) };
      const minutes = ((performance.now() - start) / 60_000).toFixed(1);
      console.log(`## ${part.title} (${minutes} minutes)\n\n${tables(result)}\n`);
      const file = write ? docs('performance.json') : json;
      // At once: the next part may fail, and the whole takes long.
      if (file !== undefined) keep(file, name, result);
      if (write) render();
    }
  } finally {
    (await mirror)?.close();
  }
}

function keep(file: string, name: string, result: PartResult): void {
  writeReport(file, merge(readReport(file), [name, result], NAMES));
}

/** Pages with tables of docs/performance.json. */
const PAGES = ['performance.md', 'server/gateway.md'];

/** Makes the tables of the pages, and the charts, of docs/performance.json. */
function render(): void {
  const report = readReport(docs('performance.json'));
  for (const page of PAGES.map(docs))
    if (existsSync(page)) writeFileSync(page, fillPage(readFileSync(page, 'utf8'), report));
  writeFileSync(docs('performance.svg'), chart(report));
  writeFileSync(docs('growth.svg'), growthChart(report));
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
