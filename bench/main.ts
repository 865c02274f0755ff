import { benchCore } from './core.ts';
import { corpus } from './corpus.ts';
import { benchNpm } from './npm-install.ts';
import { benchPnpm } from './pnpm-install.ts';
import { benchStartup } from './startup.ts';
import { benchYarn } from './yarn-install.ts';

const PARTS = ['core', 'startup', 'npm', 'pnpm', 'yarn'] as const;
type Part = (typeof PARTS)[number];

const asked = process.argv.slice(2);
const unknown = asked.filter((part) => !PARTS.includes(part as Part));
if (unknown.length > 0) {
  console.error(`usage: pnpm bench [${PARTS.join('|')}]…\nunknown: ${unknown.join(', ')}`);
  process.exit(2);
}
const wanted = asked.length === 0 ? PARTS : (asked as Part[]);
// Fewer rounds for a first look; what is published comes from seven.
const ROUNDS = Math.max(1, Math.trunc(Number(process.env['TARWARDEN_BENCH_ROUNDS'] ?? 7)) || 7);

console.log(`Node ${process.version}, ${process.platform} ${process.arch}\n`);
for (const part of wanted) {
  if (part === 'core') console.log(await benchCore(await corpus(), ROUNDS));
  if (part === 'startup') console.log(benchStartup(ROUNDS * 3));
  if (part === 'npm') console.log(await benchNpm(ROUNDS));
  if (part === 'pnpm') console.log(await benchPnpm(ROUNDS));
  if (part === 'yarn') await benchYarn(ROUNDS);
  console.log('');
}
