/**
 * `pnpm pictures`: draws the pictures of the README, docs/pictures/*.svg, from the data beside them. `--measure` first makes
 * the data anew: it installs one archive with five clients, without and with the guard, and runs and records the demo. That
 * needs the built guards and the network. A test fails while a picture is not what the data gives.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureTrees } from '../test/e2e/views/pictures.ts';
import { drawn, picturesFolder } from '../test/support/pictures/drawn.ts';
import { masked, type Recording } from '../test/support/pictures/recording.ts';
import { root } from './workspace.mjs';

const args = process.argv.slice(2);
if (args.some((arg) => arg !== '--measure')) {
  console.error('usage: pictures.ts [--measure]');
  process.exit(2);
}
const write = (name: string, content: string): void =>
  writeFileSync(join(picturesFolder, name), content);

if (args.includes('--measure')) {
  write('five-trees.json', `${JSON.stringify(await measureTrees(), null, 2)}\n`);
  write('demo.json', `${JSON.stringify(await recordDemo(), null, 2)}\n`);
}
const read = (name: string): string => readFileSync(join(picturesFolder, name), 'utf8');
for (const [name, content] of Object.entries(drawn(read))) write(name, content);

/** The output of the demo in bursts. Output within a tenth of a second is one burst. */
async function recordDemo(): Promise<Recording> {
  const bursts: { after: number; text: string }[] = [];
  let before = performance.now();
  const child = spawn('npx', ['-y', 'pnpm@12', '--silent', 'demo'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const now = performance.now();
    const after = Math.round((now - before) / 100) / 10;
    before = now;
    const last = bursts.at(-1);
    if (last !== undefined && after < 0.1) last.text += chunk;
    else bursts.push({ after, text: chunk });
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`the demo ended with ${code}`);
  return {
    command: 'npx -y pnpm@12 demo',
    date: new Date().toISOString().slice(0, 10),
    bursts: bursts.map(({ after, text }) => ({ after, text: masked(text).replace(/\n$/, '') })),
  };
}
