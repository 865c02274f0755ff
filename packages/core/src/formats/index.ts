import type { Format } from '../finding/format.ts';
import { formats } from './all.ts';
import type { PackageFormat } from './format.ts';

/** @throws RangeError for an id that is none, which only a caller's mistake can be. */
export function formatOf(id: Format): PackageFormat {
  const found = formats.find((format) => format.id === id);
  if (found === undefined) throw new RangeError(`format: ${String(id)}`);
  return found;
}
