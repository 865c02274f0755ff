/** The commands that pages tell people to run, so that a test runs the very same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './managers.ts';

/** The first block of shell commands under a heading of a page. */
export function recipe(page: string, heading: string): string {
  const text = readFileSync(join(repository, page), 'utf8');
  const section = text
    .split(/^#{2,} /m)
    .slice(1)
    .find((one) => one.startsWith(`${heading}\n`));
  const commands = /^```sh\n([^]*?)^```$/m.exec(section ?? '')?.[1];
  if (commands === undefined) throw new RangeError(`${page} has no commands under "${heading}"`);
  return commands;
}

/** Commands in code, in the cells of the tables under a heading: `[[first cell, command…]…]`. */
export function commandRows(page: string, heading: string): string[][] {
  const text = readFileSync(join(repository, page), 'utf8');
  const section = text.split(/^(?=## )/m).find((one) => one.startsWith(`## ${heading}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| ') && line.includes('`'));
  return rows.map((row) => {
    const [, name = '', ...cells] = row.split('|').map((cell) => cell.trim());
    return [
      name,
      ...cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((m) => m[1] ?? '')),
    ];
  });
}

/** All blocks of a language under a heading of a page. */
export function blocks(page: string, language: string, heading: string): string[] {
  const text = readFileSync(join(repository, page), 'utf8');
  const section = text.split(/^(?=## )/m).find((one) => one.startsWith(`## ${heading}\n`)) ?? '';
  const found = section.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'));
  return [...found].map(([, block = '']) => block);
}
