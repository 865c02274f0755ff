/**
 * Long link-swap race: `node scripts/run-ts.mjs test/fuzz/link-swap-main.ts [--rounds N] [--seconds N] [--unpacker guarded|path|naive]`.
 * Exit 0: nothing was written outside. Exit 1: something was.
 */
import { parseArgs } from 'node:util';
import { race, type Unpacker } from './link-swap.ts';
import { byPath, guarded, naive } from './link-swap-unpackers.ts';

const UNPACKERS: Readonly<Record<string, Unpacker>> = { guarded, path: byPath, naive };
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: 'Infinity' },
    unpacker: { type: 'string', default: 'guarded' },
  },
});
const unpack = UNPACKERS[values.unpacker];
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
if (unpack === undefined || !(rounds > 0 && seconds > 0)) {
  console.error('usage: link-swap-main [--rounds N] [--seconds N] [--unpacker guarded|path|naive]');
  process.exit(2);
}
const result = await race({ rounds, budget: seconds * 1000, unpack });
console.log(`${values.unpacker}: ${JSON.stringify(result)}`);
process.exitCode = result.outside > 0 ? 1 : 0;
