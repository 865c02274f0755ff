/* Facts about files of a store, as numbers in one array: an install has tens of thousands of files. */
import type { Stats } from 'node:fs';

/** Numbers for each file. */
export const FACTS = 5;
const SIZE = 2;
const BIRTH = 4;

/** Puts the facts of a file in its place: number, mode, size, time of modification and time of birth. */
export function putFacts(facts: Float64Array, index: number, stat: Stats): void {
  const at = index * FACTS;
  facts[at] = stat.ino;
  facts[at + 1] = stat.mode;
  facts[at + SIZE] = stat.size;
  facts[at + 3] = stat.mtimeMs;
  facts[at + BIRTH] = stat.birthtimeMs;
}

/** Whether the file system keeps the time of birth of each file. */
export function haveBirths(facts: Float64Array): boolean {
  for (let at = BIRTH; at < facts.length; at += FACTS) if (!(facts[at]! > 0)) return false;
  return true;
}

export interface KnownPackage {
  readonly facts: Float64Array;
  /** The time at which the metadata of each file changed, in milliseconds. */
  readonly changedAt: Float64Array;
  /** Bytes of known files that are hashed all the same. */
  readonly sampleBytes: number;
}

/** Milliseconds between the changes of two files that pnpm links or removes together. */
const TOGETHER_MS = 1000;

/**
 * The known files of a package that are hashed all the same. A program that writes to a file can set back its time of modification, but
 * not the time at which its metadata changed. pnpm changes that time too, when it links, but for all files of a package at once. So a
 * file that changed alone is suspect. The others are a random sample.
 */
export function suspects({ facts, changedAt, sampleBytes }: KnownPackage): number[] {
  const usual = changedAt.toSorted()[changedAt.length >> 1] ?? 0;
  const chosen: number[] = [];
  const others: number[] = [];
  changedAt.forEach((time, index) =>
    (Math.abs(time - usual) > TOGETHER_MS ? chosen : others).push(index),
  );
  let left = sampleBytes;
  let isDrawn = false;
  const start = Math.floor(Math.random() * others.length);
  for (let place = 0; place < others.length && left > 0; place += 1) {
    const index = others[(start + place) % others.length]!;
    const size = facts[index * FACTS + SIZE]!;
    if (size > left) {
      // So that no file is always left out, the first that is too large is in the sample as often as its share of the bytes allows.
      if (!isDrawn && Math.random() * size < left) chosen.push(index);
      isDrawn = true;
      continue;
    }
    left -= size;
    chosen.push(index);
  }
  return chosen;
}
