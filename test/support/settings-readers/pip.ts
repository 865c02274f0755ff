import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { pipLayers } from '@tarwarden/settings';
import { askAll, whereIs } from './neighbours.ts';
import type { Answer, WrittenCase } from './subject.ts';

const PYTHON = '/usr/bin/python3';
const script = fileURLToPath(new URL('pip-config.py', import.meta.url));

/** pip itself. `--options`: the options of `pip install`, not the settings. */
export function askPip(
  cases: readonly WrittenCase[],
  ...args: readonly string[]
): readonly Answer[] {
  return askAll(PYTHON, ['-X', 'utf8', script, ...args], cases);
}

export function pipLayersOf(written: WrittenCase): ReturnType<typeof pipLayers> {
  return pipLayers({ ...whereIs(written), pythonPrefix: join(written.folder, 'venv') });
}
