/* Reads a file with a package name or the address of an archive on each line. Empty lines and lines that begin with # are skipped. */
import { open } from 'node:fs/promises';
import { TASK_ITEMS, type Work } from '../tasks.ts';
import { isPackageName } from '../names.ts';
import { SourceError, type Part, type SweepSource } from './source.ts';

export function listSource(file: string): SweepSource {
  return { id: `list:${file}`, isEndless: false, parts: (after) => parts(file, after) };
}

/** The most lines in one part. */
const PART_LINES = 500;

async function* parts(file: string, after: string | undefined): AsyncGenerator<Part> {
  const handle = await open(file, 'r');
  try {
    // If the file has changed, the number of lines that were read means nothing.
    const { size, mtimeMs } = await handle.stat();
    const mark = `${size} ${mtimeMs}`;
    const [read = '', ...readMark] = after?.split(' ') ?? [];
    const skipped = readMark.join(' ') === mark ? Number(read) : 0;
    let number = 0;
    let lines: string[] = [];
    for await (const line of handle.readLines({ encoding: 'utf8' })) {
      number += 1;
      if (number <= skipped) continue;
      const text = line.trim();
      if (text !== '' && !text.startsWith('#')) lines.push(checked(text, number));
      if (lines.length < PART_LINES) continue;
      yield { works: worksOf(lines), seq: `${number} ${mark}` };
      lines = [];
    }
    if (lines.length > 0) yield { works: worksOf(lines), seq: `${number} ${mark}` };
  } finally {
    await handle.close();
  }
}

function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

function checked(text: string, number: number): string {
  if (isAddress(text) || isPackageName(text)) return text;
  throw new SourceError(`line ${number} is neither a package name nor an http address`);
}

function worksOf(lines: readonly string[]): Work[] {
  const addresses = lines.filter(isAddress);
  const names = lines.filter((line) => !isAddress(line));
  return [
    ...names.map((name): Work => ({ kind: 'package', name })),
    ...inTasks(addresses).map((some): Work => ({ kind: 'addresses', addresses: some })),
  ];
}

/** Groups of at most as many items as a task may have. */
export function inTasks(all: readonly string[]): string[][] {
  const count = Math.ceil(all.length / TASK_ITEMS);
  return Array.from({ length: count }, (_, at) =>
    all.slice(at * TASK_ITEMS, (at + 1) * TASK_ITEMS),
  );
}
