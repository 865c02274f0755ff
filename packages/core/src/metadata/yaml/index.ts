export type { YamlDocument, YamlMap, YamlNode } from './node.ts';
export { readYaml } from './reader.ts';
export { isText, symbolOf } from './scalar-type.ts';
