import { isText, symbolOf, type YamlMap, type YamlNode } from './yaml/reader.ts';

const OBJECT = '!ruby/object:Gem::';
const REQUIREMENTS: ReadonlySet<string | undefined> = new Set([
  `${OBJECT}Requirement`,
  `${OBJECT}Version::Requirement`,
]);
const OPERATORS: ReadonlySet<string> = new Set(['=', '!=', '>', '<', '>=', '<=', '~>']);
const NAME = /^[A-Za-z0-9._-]+$/;
const VERSION = /^(?:[0-9]+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)?$/;

/** Fields that may contain objects. `parseGemspec` or this file reads them separately. */
const OBJECTS: ReadonlySet<string> = new Set(['platform', 'original_platform']);
const REQUIRED: ReadonlySet<string> = new Set([
  'required_ruby_version',
  'required_rubygems_version',
]);

/**
 * The first field whose type differs from the one that RubyGems writes, if there is one. RubyGems turns an installed gemspec into Ruby
 * source, and quotes only texts in it. So an object must not be where it expects a text, even if its class is allowed.
 */
export function misshapenField({ entries }: YamlMap): string | undefined {
  const checkedNodes = new Set<YamlNode>();
  for (const [field, node] of entries) if (!fits(field, node, checkedNodes)) return field;
  return undefined;
}

function fits(field: string, node: YamlNode, checkedNodes: Set<YamlNode>): boolean {
  if (OBJECTS.has(field)) return true;
  // `parseGemspec` reads its text, and a rule of its own checks it.
  if (field === 'version') return hasPartsOfVersion(node);
  if (REQUIRED.has(field)) return isEmpty(node) || isRequirement(node, checkedNodes);
  if (field === 'dependencies')
    return (
      isEmpty(node) ||
      (isList(node) && node.items.every((item) => isDependency(item, checkedNodes)))
    );
  if (field === 'metadata')
    return (
      isEmpty(node) ||
      (node.kind === 'map' && node.tag === undefined && [...node.entries.values()].every(isValue))
    );
  // RubyGems writes it into the source unquoted.
  if (field === 'specification_version')
    return isEmpty(node) || (isValue(node) && isPlain(node, /^[0-9]+$/));
  if (field === 'require_paths' && isList(node))
    return node.items.every((item) => isValue(item) || isValues(item));
  return isValue(node) || isValues(node);
}

function isDependency(node: YamlNode, checkedNodes: Set<YamlNode>): boolean {
  if (node.kind !== 'map' || node.tag !== `${OBJECT}Dependency`) return false;
  const name = node.entries.get('name');
  if (name === undefined) return false;
  return [...node.entries].every(([key, value]) => {
    if (key === 'name') return isName(value);
    if (key === 'type') return isEmpty(value) || isPlain(value, /^:(?:runtime|development)$/);
    if (key === 'requirement' || key === 'version_requirements' || key === 'version_requirement')
      return isEmpty(value) || isRequirement(value, checkedNodes);
    return key === 'prerelease' && isPlain(value, /^(?:true|false|)$/);
  });
}

function isRequirement(node: YamlNode, checkedNodes: Set<YamlNode>): boolean {
  // An alias is the same node, which was checked before.
  if (checkedNodes.has(node)) return true;
  if (node.kind !== 'map' || !REQUIREMENTS.has(node.tag)) return false;
  const list = node.entries.get('requirements');
  if (list === undefined || !isList(list) || !list.items.every(isPair)) return false;
  for (const [key, value] of node.entries) {
    if (key === 'none' && !isPlain(value, /^(?:true|false|)$/)) return false;
    if (key === 'version' && !isEmpty(value) && !isVersion(value)) return false;
    if (!['requirements', 'none', 'version'].includes(key)) return false;
  }
  checkedNodes.add(node);
  return true;
}

function isPair(node: YamlNode): boolean {
  if (!isList(node) || node.items.length !== 2) return false;
  const [operator, version] = node.items;
  return (
    operator?.kind === 'scalar' &&
    operator.tag === undefined &&
    OPERATORS.has(operator.text) &&
    version !== undefined &&
    isVersion(version)
  );
}

function isVersion(node: YamlNode): boolean {
  if (!hasPartsOfVersion(node)) return false;
  const version = node.entries.get('version');
  return version?.kind === 'scalar' && version.tag !== '!binary' && VERSION.test(version.text);
}

function hasPartsOfVersion(node: YamlNode): node is YamlMap {
  if (node.kind !== 'map' || node.tag !== `${OBJECT}Version`) return false;
  return [...node.entries].every(
    ([key, value]) =>
      key === 'version' ||
      ((key === 'prerelease' || key === 'segments_generated') &&
        isPlain(value, /^(?:true|false|)$/)) ||
      // Old RubyGems wrote the computed hash. Every RubyGems computes it again.
      (key === 'hash' && isPlain(value, /^-?[0-9]+$/)) ||
      (key === 'segments' && isValues(value)),
  );
}

function isName(node: YamlNode): boolean {
  return (
    node.kind === 'scalar' &&
    node.tag !== '!binary' &&
    (!node.plain || node.tag === '!str' || isText(node.text)) &&
    NAME.test(node.text)
  );
}

function isValue(node: YamlNode): boolean {
  if (node.kind !== 'scalar') return false;
  return !node.plain || node.tag !== undefined || symbolOf(node.text) === undefined;
}

function isValues(node: YamlNode): boolean {
  return isList(node) && node.items.every(isValue);
}

function isList(node: YamlNode): node is Extract<YamlNode, { kind: 'list' }> {
  return node.kind === 'list' && node.tag === undefined;
}

function isPlain(node: YamlNode, pattern: RegExp): boolean {
  return node.kind === 'scalar' && node.plain && node.tag === undefined && pattern.test(node.text);
}

function isEmpty(node: YamlNode): boolean {
  return isPlain(node, /^(?:|~|null)$/i);
}
