/* Sizes and times as people write them: `50GiB`, `90m`. */

const BYTES: Readonly<Record<string, number>> = {
  '': 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};
const MILLISECONDS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 60 * 60_000,
  d: 24 * 60 * 60_000,
};

/** Bytes. Undefined for a text that is no size. */
export function bytesIn(text: string): number | undefined {
  return quantityIn(text, BYTES);
}

/** Milliseconds. Undefined for a text that is no time. */
export function millisecondsIn(text: string): number | undefined {
  return quantityIn(text, MILLISECONDS);
}

function quantityIn(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,15}) ?([A-Za-z]{0,3})$/.exec(text) ?? [];
  const quantity = Number(digits) * (Object.hasOwn(units, unit) ? units[unit]! : Number.NaN);
  return digits !== '' && Number.isSafeInteger(quantity) ? quantity : undefined;
}
