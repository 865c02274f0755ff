/** All pictures, by file name, as the data beside them gives them. */
import { fileURLToPath } from 'node:url';
import { fiveTrees, type FiveTrees } from './five-trees.ts';
import { recording, type Recording } from './recording.ts';
import { where } from './where.ts';

export const picturesFolder = fileURLToPath(new URL('../../../docs/pictures', import.meta.url));

export function drawn(read: (name: string) => string): Readonly<Record<string, string>> {
  return {
    'five-trees.svg': fiveTrees(JSON.parse(read('five-trees.json')) as FiveTrees),
    'where.svg': where(),
    'demo.svg': recording(JSON.parse(read('demo.json')) as Recording),
  };
}
