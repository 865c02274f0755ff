/** JSON with sorted keys, without spaces and undefined fields: equal values give equal bytes. Numbers have to be integers. */
export function canonicalJson(value: unknown): string {
  // Guards run this for each package of an install, on what they have just parsed. JSON.stringify takes a fraction of the time.
  return (isSorted(value) ? JSON.stringify(value) : sortedJson(value)) ?? 'null';
}

/** Whether the keys of every object in a value are in order, so that JSON.stringify writes them so. */
function isSorted(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isSorted);
  const fields = value as Readonly<Record<string, unknown>>;
  let before: string | undefined;
  for (const key of Object.keys(fields)) {
    if (before !== undefined && before > key) return false;
    if (!isSorted(fields[key])) return false;
    before = key;
  }
  return true;
}

function sortedJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(fields).filter((key) => fields[key] !== undefined);
  const pairs = keys.sort().map((key) => `${JSON.stringify(key)}:${sortedJson(fields[key])}`);
  return `{${pairs.join(',')}}`;
}
