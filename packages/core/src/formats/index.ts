import type { Format } from '../finding/verdict.ts';
import type { PackageFormat } from './format.ts';
import { npmTarball } from './npm-tarball/format.ts';
import { yarnZip } from './yarn-zip/format.ts';

/** Every format that archives are inspected as. */
export const formats: readonly PackageFormat[] = [npmTarball, yarnZip];

/** @throws RangeError for an id that is none, which only a caller's mistake can be. */
export function formatOf(id: Format): PackageFormat {
  const found = formats.find((format) => format.id === id);
  if (found === undefined) throw new RangeError(`format: ${String(id)}`);
  return found;
}
