import { MAX_WHEEL_TAGS } from '../../limits.ts';
import { isPypiName, pypiVersionKey } from './identity.ts';

/** The parts of the file name of a wheel (PEP 427, and the binary distribution format that replaces PEP 491). */
export interface WheelFileName {
  readonly name: string;
  readonly version: string;
  readonly build?: string;
  /** Each of the three may have several values, joined by dots. */
  readonly python: string;
  readonly abi: string;
  readonly platform: string;
}

const TAG = /^[\w.]+$/;
const BUILD = /^[0-9][\w.]*$/;

/** Undefined for a name that is not the name of a wheel. */
export function parseWheelFileName(fileName: string): WheelFileName | undefined {
  if (!fileName.endsWith('.whl')) return undefined;
  const components = fileName.slice(0, -'.whl'.length).split('-');
  if (components.length !== 5 && components.length !== 6) return undefined;
  const [name, version] = components as [string, string];
  const [python, abi, platform] = components.slice(-3) as [string, string, string];
  const build = components.length === 6 ? components[2] : undefined;
  if (!isPypiName(name) || pypiVersionKey(version) === undefined) return undefined;
  if (build !== undefined && !BUILD.test(build)) return undefined;
  if (![python, abi, platform].every((tag) => TAG.test(tag))) return undefined;
  return { name, version, ...(build !== undefined && { build }), python, abi, platform };
}

/** Every `python-abi-platform` tag that the name expands to. */
export function wheelTags({
  python,
  abi,
  platform,
}: Pick<WheelFileName, 'python' | 'abi' | 'platform'>): Set<string> {
  const tags = new Set<string>();
  for (const pythonTag of python.split('.'))
    for (const abiTag of abi.split('.'))
      for (const platformTag of platform.split('.')) {
        if (tags.size >= MAX_WHEEL_TAGS) return tags;
        tags.add(`${pythonTag}-${abiTag}-${platformTag}`);
      }
  return tags;
}

/** Expands `py2.py3-none-any`, which some tools write as one tag. */
function expanded(tag: string): string[] {
  const [python = '', abi = '', platform = ''] = tag.split('-', 3);
  return [...wheelTags({ python, abi, platform })];
}

/** Stops above the number of tags that a file name can have, since the two sets then differ anyway. */
export function allTags(tags: readonly string[]): Set<string> {
  const expandedTags = new Set<string>();
  for (const tag of tags) {
    for (const plain of expanded(tag)) expandedTags.add(plain);
    if (expandedTags.size > MAX_WHEEL_TAGS) break;
  }
  return expandedTags;
}
