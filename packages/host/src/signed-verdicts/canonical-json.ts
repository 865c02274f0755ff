/**
 * JSON with the keys of every object in the order of their UTF-16 units, without space, and without what is undefined: equal values
 * are equal bytes. Values are those of JSON; there are no numbers in them but whole ones.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  let text = '';
  // Written out, since guards do this for each package of an install: entries, filter, map and join take three times as long.
  for (const key of Object.keys(fields).sort()) {
    const field = fields[key];
    if (field === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(field)}`;
  }
  return `{${text}}`;
}
