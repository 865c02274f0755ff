/** Things measured in turn, so that whatever else the machine does hits them alike. */
import { interrupted } from './interrupt.ts';
import type { Reading } from './measure.ts';
import type { Row } from './result.ts';
import { ratios, spread } from './stats.ts';

type Measured = Pick<Reading, 'wall' | 'cpu' | 'peak'>;

/** One of the things that are compared. */
export interface Contender {
  readonly name: string;
  /** Name of the contender it is compared to. */
  readonly over?: string;
  run(): Promise<Measured> | Measured;
}

/** Readings by the contender's name. */
export type Readings = ReadonlyMap<string, readonly Measured[]>;

/**
 * Runs the contenders `rounds` times in turn, after one round that does not count. Every other round goes backwards:
 * none is always the first after another.
 */
export async function contest(contenders: readonly Contender[], rounds: number): Promise<Readings> {
  const readings = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      if (interrupted()) throw new Error('interrupted');
      const reading = await contender.run();
      if (round > 0) readings.get(contender.name)?.push(reading);
    }
  }
  return readings;
}

/** A row for each contender, by the clock. */
export function wallRows(
  group: string,
  contenders: readonly Contender[],
  readings: Readings,
): Row[] {
  return contenders.map(({ name, over }) => {
    const own = readings.get(name) ?? [];
    const base = over === undefined ? undefined : readings.get(over);
    const [cpu, baseCpu] = [cpuOf(own), cpuOf(base)];
    const peaks = own.flatMap(({ peak }) => peak ?? []);
    return {
      group,
      name,
      time: spread(wallOf(own)),
      unit: 'wall ms',
      rounds: own.length,
      ...(over !== undefined && base && { over, ratio: ratios(wallOf(own), wallOf(base)) }),
      ...(base && cpu && baseCpu && { cpuRatio: ratios(cpu, baseCpu) }),
      ...(peaks.length > 0 && { peakBytes: Math.max(...peaks) }),
    };
  });
}

export const wallOf = (readings: readonly Measured[]): number[] => readings.map(({ wall }) => wall);

function cpuOf(readings: readonly Measured[] | undefined): number[] | undefined {
  const values = readings?.flatMap(({ cpu }) => cpu ?? []);
  return values !== undefined && values.length > 0 ? values : undefined;
}
