/** A short run of the link-swap race; `node scripts/run-ts.mjs test/fuzz/link-swap-main.ts --rounds N` runs a long one. */
import { describe, expect, it } from 'vitest';
import { race } from '../../fuzz/link-swap.ts';
import { guarded, naive } from '../../fuzz/link-swap-unpackers.ts';

const ROUNDS = 2000;
/** Milliseconds after which no further round starts, so that a busy machine does not hold up the rest. */
const BUDGET = 12_000;

describe.skipIf(process.platform !== 'linux')('another process swaps folders for links', () => {
  it('and nothing is written outside', async () => {
    const result = await race({ rounds: ROUNDS, budget: BUDGET, unpack: guarded });
    console.log(`link-swap race: ${JSON.stringify(result)}`);
    expect(result.outside).toBe(0);
    // The race took place: swaps were met.
    expect(result.stopped['TAMPERED']).toBeGreaterThan(0);
  });

  it('which the same race finds in an unpacker that trusts paths', async () => {
    const result = await race({ rounds: ROUNDS, untilOutside: true, unpack: naive });
    console.log(`control: ${JSON.stringify(result)}`);
    expect(result.outside).toBe(1);
  });
});
