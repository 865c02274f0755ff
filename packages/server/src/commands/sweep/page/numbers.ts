/* Numbers as people read them. */

export function whole(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1.2 M`, for an axis. */
export function short(value: number): string {
  for (const [size, sign] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const)
    if (value >= size) return `${Number((value / size).toFixed(1))} ${sign}`;
  return String(value);
}

export function percent(part: number, all: number): string {
  if (part === 0 || all === 0) return '0 %';
  const share = (100 * part) / all;
  if (share < 0.01) return '< 0.01 %';
  return `${share < 1 ? share.toFixed(2) : share.toFixed(1)} %`;
}

/** The smallest of 1, 2, 5, 10, 20 … that reaches a value in so many steps. */
export function stepFor(value: number, times: number): number {
  const least = value / times;
  const power = 10 ** Math.floor(Math.log10(least));
  return (
    [1, 2, 5, 10].map((unit) => unit * power).find((step) => step >= least * 0.999_999) ??
    10 * power
  );
}

/** `1,234 archives`. */
export function counted(count: number, noun: string): string {
  return `${whole(count)} ${noun}${count === 1 ? '' : 's'}`;
}
