import { FAILSAFE_SCHEMA, load } from 'js-yaml';
import type { SettingValues } from '../layer.ts';
import { mappingOfYaml } from '../yaml.ts';

/**
 * The settings in the text of a .yarnrc.yml, as `@yarnpkg/parsers` reads it: each value is a text, a list or a mapping, `<<` is a name as
 * any other, and the last of several values with one name counts.
 * @throws an error for a text that Yarn does not read.
 */
export function yarnrcValues(text: string): SettingValues {
  // Yarn reads such a file by the grammar of Yarn 1's lockfiles.
  if (/^(?:#.*\r?\n)*?#\s+yarn\s+lockfile\s+v1\r?\n/i.test(text)) throw new TypeError('a lockfile');
  const values = mappingOfYaml(load(text, { schema: FAILSAFE_SCHEMA, json: true }));
  // With the parser of Yarn 3, all that is below this name is set: `yarnPath` and `plugins` count then.
  if (values.has('__proto__')) throw new TypeError('Yarn 3 and 4 read it differently');
  return values;
}
