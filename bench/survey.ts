import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { listed, projects, writeList } from './survey/list.ts';
import { survey } from './survey/look.ts';
import { fillPage, tables } from './survey/page.ts';
import { resolveAll } from './survey/resolve.ts';

const HELP = `usage: pnpm survey [--write] [--json FILE]
       pnpm survey --resolve

Inspects the real tarballs that bench/survey/packages.txt lists, and tells how often each rule finds something and how
near real packages come to the limits. What is not here yet is fetched from the registry that npm is configured for.

  --write       put the tables into docs/survey.md
  --json FILE   keep the counts
  --resolve     make the list anew: npm and pnpm resolve each project of bench/survey/projects.json

exit codes: 0 inspected; 1 something failed, or nothing could be fetched; 2 usage
`;

const PAGE = new URL('../docs/survey.md', import.meta.url);
const EVERY = 250;

async function main(): Promise<number> {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        write: { type: 'boolean', default: false },
        resolve: { type: 'boolean', default: false },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    process.stderr.write(`survey: ${(error as Error).message}\nTry: pnpm survey --help\n`);
    return 2;
  }
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (values.resolve) {
    process.stderr.write(`${projects().length} projects\n`);
    const found = await resolveAll((line) => process.stderr.write(`${line}\n`));
    if (found.length > 0) writeList(found);
    return found.length > 0 ? 0 : 1;
  }
  const list = listed();
  const result = await survey(list, (done) => {
    if (done % EVERY === 0) process.stderr.write(`${done} of ${list.length}\n`);
  });
  for (const name of result.missing) process.stderr.write(`not to be had: ${name}\n`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  if (values.write) writeFileSync(PAGE, fillPage(readFileSync(PAGE, 'utf8'), result));
  process.stdout.write(tables(result));
  return result.archives > 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`survey: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
