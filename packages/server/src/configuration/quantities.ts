/* Reads sizes (`50GiB`) and durations (`24h`) of the configuration. */

/** Bytes of each unit. */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  kB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  TB: 1000 ** 4,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};
/** Milliseconds of each unit. */
const TIMES: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

export const SIZE: RegExp = /^(\d{1,15}(?:\.\d{1,3})?)(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)?$/;
export const DURATION: RegExp = /^(\d{1,9})(ms|s|m|h|d)$/;

/** Bytes. The text or number has passed the schema. */
export function sizeIn(value: string | number): number {
  const [, amount = '', unit = ''] = SIZE.exec(String(value)) ?? [];
  return Math.floor(Number(amount) * UNITS[unit]!);
}

/** Milliseconds. The text has passed the schema. */
export function durationIn(text: string): number {
  const [, amount = '', unit = ''] = DURATION.exec(text) ?? [];
  return Number(amount) * TIMES[unit]!;
}
