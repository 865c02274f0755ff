/** A package.json that parsers read differently, or that makes one manager fail: no manager gets to read it. */
import { afterEach, describe, expect, test } from 'vitest';
import { tgz } from '../../support/pkg.ts';
import { guardedManagers, makeWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.dispose());

const attacks: readonly (readonly [rule: string, what: string, fields: string])[] = [
  ['manifest-ambiguous', 'install scripts', '"scripts":{"install":"true","install":"touch ran"}'],
  ['manifest-ambiguous', 'a name by an escape', String.raw`"n\u0061me":"evil"`],
  ['manifest-ambiguous', 'dependencies', '"dependencies":{"clean":"1.0.0"},"dependencies":{}'],
  ['manifest-ambiguous', 'a command that is an object', '"bin":{"a":{"b":"index.js"}}'],
  ['manifest-ambiguous', 'a list of commands', '"bin":["index.js"]'],
  ['manifest-ambiguous', 'a command in a folder', '"bin":{"a/b":"index.js"}'],
  ['manifest-ambiguous', 'a folder as a command', '"bin":{"a":"lib/"}'],
  ['manifest-ambiguous', 'a prototype', '"__proto__":{"bin":{"a":"index.js"}}'],
  ['manifest-ambiguous', 'half of a character', String.raw`"bin":"index.js","x":"\ud83d"`],
  ['manifest-ambiguous', 'deep nesting', `"x":${'['.repeat(5000)}${']'.repeat(5000)}`],
  ['manifest-ambiguous', 'a list of folders', '"directories":{"bin":["lib"]}'],
];

const packed = (fields: string): Buffer => {
  // The name that was asked for comes last, where managers find it.
  const text = `{${fields.includes('n\\u0061me') ? '"name":"other",' : ''}${fields},"version":"1.0.0"`;
  const name = fields.includes('n\\u0061me') ? '' : ',"name":"evil"';
  return tgz({ manifest: Buffer.from(`${text}${name}}`), files: { 'lib/x.js': '' } });
};

/** Each of them with two of the managers; with `TARWARDEN_E2E_FULL=1` with all. */
function attacksOn(manager: (typeof guardedManagers)[number]): typeof attacks {
  if (process.env['TARWARDEN_E2E_FULL'] === '1') return attacks;
  return attacks.filter((_, at) => (at + guardedManagers.indexOf(manager)) % 5 === 0);
}

describe.each(guardedManagers)('%s', (manager) => {
  test.each(attacksOn(manager))('refuses by %s: %s', async (rule, _, fields) => {
    world = await makeWorld(manager);
    world.registry.publish({ name: 'evil', tgz: packed(fields) });
    world.project(world.sandbox.project, 'evil');
    const result = await world.install();
    expect(result).not.toMatchObject({ code: 0 });
    expect(`${result.stdout}\n${result.stderr}`).toContain(rule);
    expect(world.landed('evil')).toBe(false);
  });

  test('installs what real packages hold', async () => {
    world = await makeWorld(manager);
    const fields =
      '"main":"a","main":"index.js","scripts":{"test":"a"},"scripts":{"test":"b","test":"c"},' +
      String.raw`"bin":{"@s/evil":"./lib/x.js"},"description":"\ud83d\ude00","directories":{"test":["a"]}`;
    world.registry.publish({ name: 'evil', tgz: packed(fields) });
    world.project(world.sandbox.project, 'evil');
    expect(await world.install()).toMatchObject({ code: 0 });
    expect(world.landed('evil')).toBe(true);
  });
});
