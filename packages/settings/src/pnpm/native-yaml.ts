/*
 * YAML as pnpm 12 reads it. It knows of which type each setting is: a text is what is written, `1e3` too, and `yes` is as good as
 * `true` for a switch. So scalars stay texts here, but null.
 */
import { FAILSAFE_SCHEMA, Type } from 'js-yaml';
import type { Values } from '../layer.ts';
import { yamlValues } from '../yaml.ts';
import { isSwitch } from './switches.ts';

const asWritten = ['bool', 'int', 'float', 'timestamp'].map(
  (name) => new Type(`tag:yaml.org,2002:${name}`, { kind: 'scalar', construct: String }),
);

const binary = new Type('tag:yaml.org,2002:binary', {
  kind: 'scalar',
  construct: (text) => Buffer.from(String(text), 'base64').toString('utf8'),
});

const nothing = new Type('tag:yaml.org,2002:null', {
  kind: 'scalar',
  resolve: (text: string | null) => /^(?:~|null|Null|NULL|)$/.test(text ?? ''),
  construct: () => null,
});

const merge = new Type('tag:yaml.org,2002:merge', {
  kind: 'scalar',
  resolve: (text: string | null) => text === '<<',
});

const SCHEMA = FAILSAFE_SCHEMA.extend({
  implicit: [nothing, merge],
  explicit: [...asWritten, binary],
});

/** @throws an error for a text that is not YAML. */
export function nativeYamlValues(text: string): Values {
  const values = [...yamlValues(text, SCHEMA)];
  return new Map(values.map(([name, value]) => [name, valueOf(name, value)] as const));
}

function valueOf(name: string, value: unknown): unknown {
  if (isSwitch(name)) return switchOf(value);
  const isNumber = name === 'minimumReleaseAge' && /^\d[\d_]*$/.test(String(value));
  return isNumber ? Number(String(value).replaceAll('_', '')) : value;
}

function switchOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (/^(?:y|yes|true|on)$/i.test(value)) return true;
  return /^(?:n|no|false|off)$/i.test(value) ? false : value;
}
